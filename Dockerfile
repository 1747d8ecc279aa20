# The hub as an image: no build step, so what runs is the source. It writes nothing: run it with a read-only root
# filesystem, all capabilities dropped and no-new-privileges, and give it the settings of .env.example; secrets as
# files (KEK_FILE and the like) rather than in the environment. Pin the base by digest when you release.
FROM node:24-slim

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/tmp/signaalhub

WORKDIR /app

# Dependencies first, so that a change of the source leaves this layer alone. No install scripts; without the
# embedded PostgreSQL, which production refuses.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
    && npm cache clean --force \
    && rm -rf /root/.npm

COPY openapi/openapi.json openapi/teksten-en.json ./openapi/
COPY migrations ./migrations
COPY src ./src

# By number, so that a cluster can check that it is not root.
USER 1000:1000
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# Without npm in between, which would keep SIGTERM to itself; and no debugger at SIGUSR1, which would open every key.
# A small young generation: a fifth less memory under a delivery, and as fast.
CMD ["node", "--disable-sigusr1", "--max-semi-space-size=8", "src/server.ts"]
