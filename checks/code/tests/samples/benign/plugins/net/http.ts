import http from "node:http";

/** Asks a local health check; nothing of this machine is sent. */
export const healthy = (port: number) =>
  new Promise<boolean>((resolve) => {
    http.get(`http://localhost:${port}/health`, (reply) => resolve(reply.statusCode === 200)).on("error", () => resolve(false));
  });
