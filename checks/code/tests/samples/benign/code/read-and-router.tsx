import { useState } from "react";
import { readFileSync } from "fs";
import { Router } from "express";

type Props = { label: string; initial: boolean; onSave: (value: boolean) => Promise<void> };

const router = Router();
const page = readFileSync("page.html", "utf8");
const answer = (request, response) => response.send(page);
router.post("/form", answer);

export function Toggle({ label, initial, onSave }: Props) {
  const [value, setValue] = useState<boolean>(initial);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    await onSave(value);
    setBusy(false);
  }

  return (
    <section className="toggle">
      <label>
        <input type="checkbox" checked={value} onChange={() => setValue(!value)} /> {label}
      </label>
      <p>You can't undo this once it's saved.</p>
      <button disabled={busy} onClick={save}>Save</button>
    </section>
  );
}
