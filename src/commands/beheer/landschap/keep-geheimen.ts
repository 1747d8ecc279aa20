import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync
} from 'node:fs'
import { dirname } from 'node:path'

/** A client of the landscape in the file of secrets. Without a secret it was being made when the work broke off. */
export type Bewaard = {
  readonly client: string
  readonly clientId?: string
  readonly clientSecret?: string
}

/** The file of secrets: what is in it, and what adds to it. */
export type Geheimen = {
  of(client: string): Bewaard | undefined
  /** Writes it to disk before it returns. */
  keep(bewaard: Bewaard): void
}

const onlyOwner = 0o600

/**
 * Opens a file of secrets that only its owner may read, made when there is none. Throws when others may read it, when it is
 * no such file, or when it cannot be written.
 */
export function openGeheimen(path: string, hubUrl: string): Geheimen {
  const found = existsSync(path) ? read(path, hubUrl) : []
  const all = new Map(found.map((bewaard) => [bewaard.client, bewaard]))
  const save = () => write(path, { hub: hubUrl, clients: [...all.values()] })
  save()
  return {
    of: (client) => all.get(client),
    keep: (bewaard) => {
      all.set(bewaard.client, bewaard)
      save()
    }
  }
}

/** What a file of secrets holds; nothing when there is none. Throws as `openGeheimen` does. */
export function readGeheimen(path: string, hubUrl: string): Pick<Geheimen, 'of'> {
  const found = existsSync(path) ? read(path, hubUrl) : []
  return { of: (client) => found.find((bewaard) => bewaard.client === client) }
}

function read(path: string, hubUrl: string): Bewaard[] {
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`${path}: anderen kunnen dit bestand lezen; geef het weer aan u alleen: chmod 600`)
  try {
    const { hub, clients } = JSON.parse(readFileSync(path, 'utf8')) as { hub: string; clients: Bewaard[] }
    if (hub === hubUrl && Array.isArray(clients)) return clients
  } catch {}
  throw new Error(`${path}: dit bestand is er al, en het is niet dat met de geheimen van ${hubUrl}`)
}

// Beside it first, so that the old one is whole until the new one is.
function write(path: string, content: object): void {
  const unfinished = `${path}.nieuw`
  rmSync(unfinished, { force: true })
  const file = openSync(unfinished, 'wx', onlyOwner)
  writeSync(file, `${JSON.stringify(content, null, 2)}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(unfinished, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
