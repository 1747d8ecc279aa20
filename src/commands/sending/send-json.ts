import { randomUUID } from 'node:crypto'
import { askUntilAnswered, type Sender } from './send-file.ts'

/**
 * Posts to the hub and returns its answer. However often it is sent, it has effect once. Waits and throws as
 * `askUntilAnswered` does.
 */
export async function postJson<Answer>(sender: Sender, path: string, body: object): Promise<Answer> {
  return send(sender, 'POST', path, body, { 'content-type': 'application/json' })
}

/** Changes what stands at a path, as `postJson` posts; throws when somebody else changes it meanwhile. */
export async function patchJson<Answer>(sender: Sender, path: string, body: object): Promise<Answer> {
  const current = await askUntilAnswered(sender, (authorization) =>
    fetch(`${sender.hubUrl}${path}`, { headers: { authorization } })
  )
  return send(sender, 'PATCH', path, body, {
    'content-type': 'application/merge-patch+json',
    'if-match': current.headers.get('etag') ?? ''
  })
}

async function send<Answer>(
  sender: Sender,
  method: string,
  path: string,
  body: object,
  fields: Record<string, string>
): Promise<Answer> {
  const key = randomUUID()
  const answer = await askUntilAnswered(sender, (authorization) =>
    fetch(`${sender.hubUrl}${path}`, {
      method,
      headers: { ...fields, authorization, 'idempotency-key': key },
      body: JSON.stringify(body)
    })
  )
  return (await answer.json()) as Answer
}
