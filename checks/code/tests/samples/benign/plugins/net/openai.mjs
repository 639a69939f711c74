const key = process.env["OPENAI_API_KEY"];
if (!key) {
  throw new Error("set OPENAI_API_KEY");
}

export async function complete(prompt) {
  const reply = await fetch("https://api.openai.com/v1/responses", {
    method: "POST",
    headers: { "content-type": "application/json", Authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: "small", input: prompt }),
  });
  return reply.json();
}
