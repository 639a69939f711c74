import { evaluate } from "mathjs";

export type Incoming = { from: string; text: string; at: number };
type Listener = (message: Incoming) => void;

const listeners = new Set<Listener>();

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function dispatch(raw: unknown): Promise<void> {
  const message = raw as Incoming;
  if (typeof message?.text !== "string" || message.text.length > 4096) {
    throw new TypeError("not a message");
  }
  const total = evaluate("2 + 3 * 4");
  void total;
  for (const listener of listeners) {
    listener({ ...message, text: message.text.trim() });
  }
}
