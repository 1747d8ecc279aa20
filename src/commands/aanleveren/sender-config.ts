import { existsSync, readFileSync } from 'node:fs'

/** The settings of `npm run aanleveren`. */
export type SenderConfig = {
  readonly hubUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly file: string
}

type Env = Readonly<Record<string, string | undefined>>

/** Reads the settings from the command line and the environment; throws one Error that names everything missing. */
export function readSenderConfig(args: readonly string[], env: Env): SenderConfig {
  const faults: string[] = []
  const need = (value: string | undefined, text: string) => {
    if (!value) faults.push(text)
    return value ?? ''
  }
  const config = {
    file: need(args[0], 'bestand: geef het pad van een .csv, .ndjson of .json, eventueel met .gz'),
    hubUrl: (env.HUB_URL ?? 'http://127.0.0.1:3000').replace(/\/$/, ''),
    clientId: need(env.CLIENT_ID, 'CLIENT_ID: de client van uw organisatie'),
    clientSecret: need(readSecret(env), 'CLIENT_SECRET of CLIENT_SECRET_FILE: het geheim van die client')
  }
  if (config.file && !existsSync(config.file)) faults.push('bestand: dit bestand bestaat niet')
  if (faults.length > 0) throw new Error(`Er ontbreekt nog:\n- ${faults.join('\n- ')}`)
  return config
}

function readSecret({ CLIENT_SECRET, CLIENT_SECRET_FILE }: Env): string | undefined {
  return CLIENT_SECRET_FILE ? readFileSync(CLIENT_SECRET_FILE, 'utf8').trim() : CLIENT_SECRET
}
