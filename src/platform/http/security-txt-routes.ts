import { addDays, type Clock, todayIn } from '../../time.ts'
import { notFound } from './problem.ts'
import { limitedTo } from './rate-limit.ts'
import type { App } from './typebox.ts'

// RFC 9116 advises less than a year. Computed anew for each request, it says that somebody still runs the hub.
const validDays = 180

/** Route of /.well-known/security.txt (RFC 9116): where to report a vulnerability. Without a contact there is none. */
export function securityTxtRoutes(
  app: App,
  { clock, publicUrl }: { clock: Clock; publicUrl: string },
  contact: string | undefined
): void {
  const config = { toegang: 'open' as const, produces: ['text/plain'], ...limitedTo(60) }
  app.get('/.well-known/security.txt', { config, schema: { hide: true } }, async (_request, reply) => {
    if (contact === undefined) throw notFound()
    const fields = [
      `Contact: ${contact}`,
      `Expires: ${addDays(todayIn(clock()), validDays)}T00:00:00Z`,
      'Preferred-Languages: nl, en',
      `Canonical: ${publicUrl}/.well-known/security.txt`
    ]
    reply.type('text/plain; charset=utf-8').serializer(String)
    return `${fields.join('\r\n')}\r\n` as never
  })
}
