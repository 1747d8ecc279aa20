import type { Test } from 'tap'
import type { Static } from 'typebox'
import type {
  DdasGegevens,
  DdasVroegsignaal,
  DdasVroegsignaalzaak
} from '../../../src/verantwoording/ddas/ddas-schema.ts'
import type { Party } from '../../helpers/test-hub.ts'
import { ddasFaults } from './uitwisselmodel.ts'

export const path = '/ddas/v1/gegevens'

export type Gegevens = Static<typeof DdasGegevens>

/** Asks for a delivery, and holds the answer against the standard. */
export async function askGegevens(t: Test, party: Party, vraag: object = {}): Promise<Gegevens> {
  const answer = await party.post(path, vraag)
  if (answer.statusCode !== 200) throw new Error(`expected 200, got ${answer.statusCode}: ${answer.body}`)
  t.same(ddasFaults(answer.json()), [], 'as the standard has it')
  return answer.json()
}

/** The signals and cases of all leveringen together. */
export function contentsOf({ gegevens }: Gegevens): {
  signalen: DdasVroegsignaal[]
  zaken: DdasVroegsignaalzaak[]
} {
  const { leveringen = [] } = gegevens
  return {
    signalen: leveringen.flatMap(({ vroegsignalen }) => vroegsignalen),
    zaken: leveringen.flatMap(({ vroegsignaalzaken }) => vroegsignaalzaken)
  }
}
