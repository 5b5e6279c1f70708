# One image for all services; compose chooses which one by its working directory. The steps are those of CI: npm ci, build.
FROM node:24-bookworm-slim AS build
WORKDIR /courier
COPY . .
RUN npm ci --no-audit --no-fund --loglevel=error
RUN NX_DAEMON=false NX_TUI=false npx nx run-many -t build --outputStyle=static
# Where the step that makes the keys writes them: volumes take over the owner of the folder that they are mounted on.
RUN mkdir -p /stack/keys && chown -R node:node /stack
USER node

# What the services need at run time, and nothing to build with.
FROM build AS production
USER root
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error \
  -w apps/connection-service -w apps/export-orchestrator -w apps/klaviyo-sink -w apps/klaviyo-simulator

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /courier
COPY --from=production /courier/package.json ./
COPY --from=production /courier/node_modules ./node_modules
COPY --from=production /courier/libs ./libs
COPY --from=production /courier/apps ./apps
RUN mkdir -p /stack/keys /stack/staging && mkdir -m 700 /stack/planner && chown -R node:node /stack
USER node
# PORT is the only setting that every service has; the address is the container's own.
ENV HOST=0.0.0.0 PORT=3000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=5 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# main.ts starts the telemetry before anything that it instruments, so no --require is needed.
CMD ["node", "--max-semi-space-size=4", "dist/main.js"]
