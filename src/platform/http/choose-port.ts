import { createServer } from 'node:net'

/**
 * The port to listen on, a free one for 0. Tried before anything else is opened, so that a port in use stops the start and
 * touches nothing; throws an Error that says so.
 */
export async function choosePort({
  host,
  port
}: {
  readonly host: string
  readonly port: number
}): Promise<number> {
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(port, host, resolve))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') throw cause
    throw new Error(`PORT: ${port} is in use; choose another, as in PORT=${port + 1} npm start`, { cause })
  }
  const chosen = (probe.address() as { port: number }).port
  await new Promise((resolve) => probe.close(resolve))
  return chosen
}
