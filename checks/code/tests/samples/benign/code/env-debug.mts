export type Incoming = { from: string; text: string; at: number };
type Listener = (message: Incoming) => void;

const listeners = new Set<Listener>();

const debug = process.env.DEBUG === "1";

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function dispatch(raw: unknown): Promise<void> {
  const message = raw as Incoming;
  if (typeof message?.text !== "string" || message.text.length > 4096) {
    throw new TypeError("not a message");
  }
  if (debug) console.error("fetching");
  await fetch("https://api.example.com/v1/items");
  for (const listener of listeners) {
    listener({ ...message, text: message.text.trim() });
  }
}
