# syntax=docker/dockerfile:1
FROM node:22-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

# Sources and all dependencies: builds the site and runs the migrations.
FROM modules AS build
COPY . .
# Name of the release. Separately built images of one release use the same name. See docs/operations.md.
ARG RELEASE=""
ENV NEXT_TELEMETRY_DISABLED=1 NEXT_OUTPUT=standalone RELEASE=$RELEASE
# Separately built images need the same key to accept each other's server actions.
RUN --mount=type=secret,id=server_actions_key,env=NEXT_SERVER_ACTIONS_ENCRYPTION_KEY npm run build

FROM build AS migrate
USER node
CMD ["npm", "run", "migrate"]

FROM node:22-slim AS app
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000
COPY --from=build --chown=node:node /app/.next/standalone ./
COPY --from=build --chown=node:node /app/.next/static ./.next/static
USER node
EXPOSE 3000
CMD ["node", "server.js"]

# Soketi does not run on Node versions after 20. Always start it with its guard.
FROM node:20-slim AS soketi
WORKDIR /soketi
RUN apt-get update && apt-get install -y --no-install-recommends git python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
COPY tools/soketi/package.json tools/soketi/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tools/soketi/guard ./guard
COPY docker/soketi.json ./soketi.json
USER node
EXPOSE 6001
CMD ["node", "-r", "./guard/guard.cjs", "node_modules/@soketi/soketi/bin/server.js", "start", "--config=soketi.json"]
