# A peer in a container: `docker build -t sotto .`, then `docker run -p 5001:5001 -v sotto:/data sotto`.
# docs/public-node.md says how to run one for others, docker-compose.yml is a whole network.

FROM node:24-bookworm-slim AS build
WORKDIR /build
# Before the sources, so that a change in these leaves the packages where they are.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs && node scripts/docker/assemble.mjs /app

# The same Debian without npm and all that comes with it: a peer needs the runtime and nothing else.
FROM debian:bookworm-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin sotto \
 && install --directory --mode=700 --owner=sotto --group=sotto /data
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app /app
WORKDIR /app
RUN install --directory --owner=sotto --group=sotto dist/.compile-cache
USER sotto
# Once here: a read-only root file system cannot keep compiled code later. With the flags of the entry point.
RUN node --min-semi-space-size=4 --max-semi-space-size=4 scripts/docker/warm-up.mjs

# The container's own network is behind HOST; who may come is decided by what is published.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    SOTTO_DATA=/data
VOLUME ["/data"]
# The page and its API, TCP and STUN, WebSocket.
EXPOSE 5000 5001 5001/udp 5002
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "scripts/docker/healthcheck.mjs", "5000"]
# A young generation of 4 MB: docs/decisions/memory.md
ENTRYPOINT ["node", "--min-semi-space-size=4", "--max-semi-space-size=4", "scripts/start.mjs"]
CMD ["node"]
