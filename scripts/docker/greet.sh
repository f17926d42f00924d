#!/bin/bash
# Whether a peer in this container answers at its TCP port: `greet.sh 5001`. Exit code 0 or 1, as Docker wants it. Bash:
# on a machine with twenty such containers a Node.js would be started for it each second.

# Below the timeout in docker-compose.yml, so that the reason gets into the container's state.
readonly TIMEOUT_S=4
# How every libp2p connection begins, with its length before it, and how the other side answers.
readonly GREETING=$'\x13/multistream/1.0.0'

unhealthy() {
  echo "sotto: not healthy: $1" >&2
  exit 1
}

exec 3<>"/dev/tcp/127.0.0.1/$1" || unhealthy 'nobody listens'
printf '%s\n' "$GREETING" >&3
IFS= read -r -t "$TIMEOUT_S" answer <&3 || unhealthy 'no answer'
[[ $answer == "$GREETING" ]] || unhealthy 'no libp2p peer'
