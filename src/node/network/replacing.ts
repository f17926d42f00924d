/** The same object but for some of its members. */
export function replacing<Value extends object>(value: Value, members: Partial<Value>): Value {
  return new Proxy(value, {
    get(target, name): unknown {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name)
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
