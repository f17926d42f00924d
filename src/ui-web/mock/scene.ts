import type { StartupFailure } from '../core/startup-error.ts'

/** What the fake core plays; `?scene=…` in the address chooses. */
export const SCENES = ['busy', 'first-visit', 'locked', 'empty', 'no-network', 'crowd'] as const
export type Scene = (typeof SCENES)[number]

const FAILURES: readonly StartupFailure[] = [
  'unreachable',
  'bad-answer',
  'insecure',
  'unsupported',
  'storage',
  'too-many-windows',
  'unknown',
]

export function sceneOf(search: string): Scene {
  const wanted = new URLSearchParams(search).get('scene')
  return SCENES.find((scene) => scene === wanted) ?? 'busy'
}

/** `?pace=0.25` makes everything four times as fast. */
export function paceOf(search: string): number {
  const pace = Number(new URLSearchParams(search).get('pace') ?? 1)
  return Number.isFinite(pace) && pace >= 0 ? pace : 1
}

/** `?fail=unreachable` and the like show how a start goes wrong. */
export function failureOf(search: string): StartupFailure | undefined {
  const wanted = new URLSearchParams(search).get('fail')
  return FAILURES.find((failure) => failure === wanted)
}
