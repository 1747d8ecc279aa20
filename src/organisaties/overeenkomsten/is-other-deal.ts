import type { Overeenkomst } from './overeenkomst-schema.ts'

type Terms = Pick<Overeenkomst, 'sectoren' | 'convenantversie' | 'ingangsdatum'>

/** Whether wanted terms make another agreement of one that was signed, so that both parties must sign anew. */
export function isOtherDeal(
  current: Terms,
  {
    sectoren = [],
    convenantversie = current.convenantversie,
    ingangsdatum = current.ingangsdatum
  }: Partial<Terms>
): boolean {
  return (
    convenantversie !== current.convenantversie ||
    ingangsdatum !== current.ingangsdatum ||
    sectoren.some((sector) => !current.sectoren.includes(sector))
  )
}
