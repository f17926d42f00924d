/** nftables rule sets, as `nft -f` reads them. The interfaces are those of plan.ts. */

export interface RouterBehaviour {
  /**
   * `port-preserving`: the port inside is the port outside, whomever it talks to (RFC 4787: endpoint-independent
   * mapping, address- and port-dependent filtering). `symmetric`: another port for every destination.
   */
  readonly mapping: 'port-preserving' | 'symmetric'
  readonly udp: boolean
}

/**
 * A home router. What comes from outside and was not asked for is dropped before it leaves a trace: a packet that is
 * let in to the router itself would take the port that the one inside is about to use, and no hole could be punched.
 */
export function routerRules({ mapping, udp }: RouterBehaviour): string {
  return `table ip router {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname != "wan" accept
    ct state established,related accept
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ${udp ? '' : 'meta l4proto udp drop'}
    ct state established,related accept
    iifname "lan" accept
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    oifname "wan" masquerade${mapping === 'symmetric' ? ' fully-random' : ''}
  }
}
`
}

/** Packets lost at random: of what a router forwards, or of what reaches a host. Replaces the rule before it. */
export function lossRules(hook: 'forward' | 'prerouting', percent: number): string {
  return table('loss', hook, percent === 0 ? '' : `numgen random mod 100 < ${percent} drop`)
}

/** Swallows what two addresses send each other, without a word to either. */
export function silenceRules(addresses: readonly [string, string] | undefined): string {
  if (addresses === undefined) return table('silence', 'forward', '')
  const [one, other] = addresses
  return table(
    'silence',
    'forward',
    `ip saddr ${one} ip daddr ${other} drop; ip saddr ${other} ip daddr ${one} drop`,
  )
}

/** `add`, `delete`, and again: a table is replaced whether or not it was there. */
function table(name: string, hook: string, rule: string): string {
  return `add table ip ${name}
delete table ip ${name}
table ip ${name} {
  chain drops {
    type filter hook ${hook} priority -200; policy accept;
    ${rule}
  }
}
`
}
