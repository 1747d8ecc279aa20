import { Resolver } from 'node:dns/promises'

/** The addresses of a host name, at least one; rejects when it has none or nobody answers in time. */
export type ResolveHost = (host: string) => Promise<readonly string[]>

/**
 * Opens a resolver that asks the name servers of the machine itself. Not `dns.lookup`: that takes one of four threads, which
 * a name server that never answers would keep from everything else that needs them.
 */
export function openResolver(): ResolveHost {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  return async (host) => {
    if (/(^|\.)localhost\.?$/i.test(host)) return ['127.0.0.1', '::1']
    const asked = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const found = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (found.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' })
    return found
  }
}
