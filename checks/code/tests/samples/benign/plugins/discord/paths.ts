import path from "node:path";

export function preferencesPath(env = process.env): string {
  return path.join(env.OPENCLAW_STATE_DIR ?? ".", "discord", "preferences.json");
}









export async function send(rest: { post(path: string, body: unknown): Promise<unknown> }, id: string, text: string) {
  return await rest.post(`/channels/${id}/messages`, { text });
}
