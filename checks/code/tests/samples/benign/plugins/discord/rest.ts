export class Rest {
  constructor(private readonly base: string, private readonly token: () => Promise<string>) {}

  async post(path: string, body: unknown): Promise<unknown> {
    const reply = await fetch(new URL(path, this.base), {
      method: "POST",
      headers: { authorization: `Bot ${await this.token()}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`POST ${path}: ${reply.status}`);
    return reply.json();
  }
}
