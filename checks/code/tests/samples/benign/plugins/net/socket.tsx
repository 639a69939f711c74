import { useEffect, useRef } from "react";

export function Live({ onText }: { onText: (text: string) => void }) {
  const link = useRef<WebSocket | null>(null);
  useEffect(() => {
    link.current = new WebSocket(`wss://${location.host}/live`);
    link.current.onmessage = (message) => onText(String(message.data));
    return () => link.current?.close();
  }, [onText]);
  return <span className="live">it's live</span>;
}
