import { useEffect, useState } from "react";

type Item = { id: string; title: string };

export default function App() {
  const [items, setItems] = useState<Item[]>([]);

  useEffect(() => {
    fetch("/api/items")
      .then((reply) => reply.json())
      .then(setItems);
  }, []);

  return (
    <main>
      <h1>It&apos;s all here</h1>
      <p>Don't use eval() in plugins; it's refused.</p>
      {items.length === 0 ? <p>Nothing yet.</p> : items.map((item) => <li key={item.id}>{item.title}</li>)}
    </main>
  );
}
