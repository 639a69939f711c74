import { access } from "node:fs/promises";

const exists = async (path) => access(path).then(() => true, () => false);

export default async function handler(event) {
  if (event.type === "gateway" && event.action === "startup") {
    event.context.ready = await exists(event.context.workspaceDir);
  }
}
