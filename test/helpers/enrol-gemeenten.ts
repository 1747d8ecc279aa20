import type { TestHub } from './test-hub.ts'

/**
 * Adds many municipalities at once, without clients, each with the settings of an existing one and a copy of its
 * agreements.
 */
export async function enrolGemeenten(
  hub: TestHub,
  gemeentecodes: readonly string[],
  like: string
): Promise<void> {
  await hub.admin(
    `insert into gemeente (gemeentecode, naam, instellingen)
     select code, 'Gemeente ' || code, g.instellingen from unnest($1::text[]) as code, gemeente g
     where g.gemeentecode = $2`,
    [gemeentecodes, like]
  )
  await hub.admin(
    `insert into overeenkomst (gemeentecode, id, signaalpartner_id, sectoren, convenantversie, ingangsdatum,
       ondertekening_signaalpartner, ondertekening_gemeente)
     select code, gen_random_uuid(), o.signaalpartner_id, o.sectoren, o.convenantversie, o.ingangsdatum,
       o.ondertekening_signaalpartner, o.ondertekening_gemeente
     from unnest($1::text[]) as code, overeenkomst o where o.gemeentecode = $2`,
    [gemeentecodes, like]
  )
}
