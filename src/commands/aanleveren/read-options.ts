import { parseArgs } from 'node:util'

/** What was asked on the command line. */
export type Options = {
  readonly file: string | undefined
  /** Path of the file that says what the partner's own columns mean. */
  readonly kolommen: string | undefined
  /** Only say what would happen. */
  readonly isTrial: boolean
  /** Go on trying for as long as the hub is away or busy. */
  readonly isPatient: boolean
}

const usage = 'Gebruik: npm run aanleveren -- bestand [--kolommen kolommen.json] [--proef] [--wachten]'

/** Reads the command line; throws an Error with the usage for what is not known. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        kolommen: { type: 'string' },
        proef: { type: 'boolean', default: false },
        wachten: { type: 'boolean', default: false }
      }
    })
    if (positionals.length > 1) throw new Error('Lever één bestand tegelijk aan.')
    return {
      file: positionals[0],
      kolommen: values.kolommen,
      isTrial: values.proef,
      isPatient: values.wachten
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}
