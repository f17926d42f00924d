/** nftables rule sets, as `nft -f` reads them. The interfaces are those of plan.ts. */

export interface RouterBehaviour {
  /**
   * `port-preserving`: the port inside is the port outside, whomever it talks to (RFC 4787: endpoint-independent
   * mapping, address- and port-dependent filtering). `symmetric`: another port for every destination.
   */
  readonly mapping: 'port-preserving' | 'symmetric'
  readonly udp: boolean
  /** Opens a port for whoever asks by UPnP or NAT-PMP; `GATEWAY_DEVICE` has to run there. */
  readonly opensPorts?: true
}

/**
 * A home router. What comes from outside and was not asked for is dropped before it leaves a trace: a packet that is
 * let in to the router itself would take the port that the one inside is about to use, and no hole could be punched.
 */
export function routerRules({ mapping, udp, opensPorts }: RouterBehaviour): string {
  return `${opensPorts === true ? OPENED_PORTS : ''}table ip router {
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
    ${opensPorts === true ? 'ct status dnat accept' : ''}
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    oifname "wan" masquerade${mapping === 'symmetric' ? ' fully-random' : ''}
  }
}
`
}

/** Where the gateway device writes what it was asked for. */
const OPENED_PORTS = `table inet gateway {
  chain forward {
    type filter hook forward priority -10; policy accept;
    jump opened
  }
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    jump redirected
  }
  chain postrouting {
    type nat hook postrouting priority 90; policy accept;
    jump masked
  }
  chain opened {}
  chain redirected {}
  chain masked {}
}
`

/** A UPnP and NAT-PMP gateway at those rules, as miniupnpd reads it: ports for the home, and each only for who asks. */
export const GATEWAY_DEVICE = `ext_ifname=wan
listening_ip=lan
enable_upnp=yes
enable_natpmp=yes
secure_mode=yes
upnp_table_name=gateway
upnp_nat_table_name=gateway
upnp_forward_chain=opened
upnp_nat_chain=redirected
upnp_nat_postrouting_chain=masked
uuid=6b0f7d0e-5f0a-4c0e-9a57-3f1b8c2d9e41
allow 1024-65535 192.168.1.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
`

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
