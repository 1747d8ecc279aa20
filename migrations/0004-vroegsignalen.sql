-- vroegsignaal: one partner's signal about one resident's arrears (Wgs art. 3 lid 1 onder b; Bgs art. 3).
-- Personal data stand encrypted in `inhoud` under the data key of `sleuteldag`; the `_index` columns
-- are keyed hashes. Destroyed by the sweeper on `vernietigingsdatum`, or as soon as `vernietigingsaanleiding` says
-- that it must go for another reason than its term.
-- `sleuteldag` names the data key: the day of destruction as it was at intake.
create table vroegsignaal (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  referentie_index bytea not null,
  soort text not null check (soort in ('vroegsignaal', 'afsluitsignaal', 'ontruimingssignaal', 'royementssignaal')),
  sector text not null check (sector ~ '^[a-z-]{1,40}$'),
  status text not null check (status in ('ontvangen', 'opgepakt', 'niet-opgepakt', 'ingetrokken')),
  signaaldatum date not null,
  ontvangen_op timestamptz not null,
  ontvangstdatum date not null,
  reactiedatum date not null,
  sleuteldag date not null check (sleuteldag > ontvangstdatum and sleuteldag <= ontvangstdatum + interval '6 months'),
  vernietigingsdatum date not null check (vernietigingsdatum <= sleuteldag),
  vernietigingsaanleiding text not null default 'bewaartermijn'
    check (vernietigingsaanleiding in ('bewaartermijn', 'geen-hulp', 'wissing', 'bezwaar', 'intrekking')),
  bedrag_in_centen integer not null check (bedrag_in_centen between 1 and 100000000),
  jongere boolean not null,
  adres_index bytea not null,
  persoon_index bytea not null,
  bsn_index bytea,
  klant_index bytea not null,
  inhoud_hash bytea not null,
  herhaling_van uuid,
  inhoud bytea not null,
  primary key (gemeentecode, id)
);
-- The partner's own reference is the one key by partner: unique over all municipalities.
create unique index vroegsignaal_referentie on vroegsignaal (signaalpartner_id, referentie_index);
create index vroegsignaal_signaalpartner on vroegsignaal (signaalpartner_id, id);
create index vroegsignaal_klant on vroegsignaal (signaalpartner_id, klant_index);
create index vroegsignaal_adres on vroegsignaal (gemeentecode, adres_index);
create index vroegsignaal_persoon on vroegsignaal (gemeentecode, persoon_index);
create index vroegsignaal_bsn on vroegsignaal (gemeentecode, bsn_index) where bsn_index is not null;
-- The day first: with the municipality first a planner without statistics takes this one for every look-up, because
-- the policies name the day too, and reads all of the municipality each time.
create index vroegsignaal_vernietigingsdatum on vroegsignaal (vernietigingsdatum, gemeentecode);
create index vroegsignaal_vervroegd on vroegsignaal (gemeentecode) where vernietigingsaanleiding <> 'bewaartermijn';

-- Without statistics of its own a partner counts as little selective. With them a planner takes one that had few rows
-- at the last ANALYZE for one of a single row, and any index that begins with the partner for as good as the one that
-- also holds what is looked up; then every look-up reads all of the partner's rows.
alter table vroegsignaal alter column signaalpartner_id set statistics 0;

-- afwijzing_telling: all that a refused signal leaves behind. No personal data, kept for the monitor.
create table afwijzing_telling (
  gemeentecode text not null,
  signaalpartner_id uuid not null references signaalpartner,
  dag date not null,
  criterium text not null,
  aantal integer not null,
  primary key (gemeentecode, signaalpartner_id, dag, criterium)
);

-- bezwaar: residents who object to signals about them (AVG art. 21). Only a keyed hash of the person, with an end date.
create table bezwaar (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid references signaalpartner,
  persoon_index bytea not null,
  einddatum date not null,
  primary key (gemeentecode, id)
);
create index bezwaar_persoon on bezwaar (gemeentecode, persoon_index);

alter table vroegsignaal enable row level security;
alter table vroegsignaal force row level security;
alter table afwijzing_telling enable row level security;
alter table afwijzing_telling force row level security;
alter table bezwaar enable row level security;
alter table bezwaar force row level security;

-- What a partner may change of its own signal: correct it, withdraw it, and so bring its destruction forward.
grant select, insert, update (status, signaaldatum, bedrag_in_centen, inhoud_hash, herhaling_van, inhoud,
  vernietigingsaanleiding) on vroegsignaal to signaalhub_signaalpartner;
create policy eigen_lezen on vroegsignaal for select to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and vernietigingsdatum > (select hub_vandaag()));
create policy eigen_wijzigen on vroegsignaal for update to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and vernietigingsdatum > (select hub_vandaag()))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
create policy eigen_aanleveren on vroegsignaal for insert to signaalhub_signaalpartner
  with check (signaalpartner_id = (select hub_signaalpartner_id()) and exists (
    select from overeenkomst o
    where o.gemeentecode = vroegsignaal.gemeentecode and o.signaalpartner_id = vroegsignaal.signaalpartner_id
      and vroegsignaal.sector = any (o.sectoren) and overeenkomst_geldt(o, (select hub_vandaag()))));

grant select on vroegsignaal to signaalhub_gemeente;
create policy gemeente_lezen on vroegsignaal for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and vernietigingsdatum > (select hub_vandaag())
    and status <> 'ingetrokken');

-- The matcher sees what it counts, never the content.
grant select (gemeentecode, id, signaalpartner_id, soort, sector, status, ontvangen_op, ontvangstdatum, reactiedatum,
  vernietigingsdatum, bedrag_in_centen, jongere, adres_index, klant_index) on vroegsignaal to signaalhub_matcher;
create policy matcher_lezen on vroegsignaal for select to signaalhub_matcher
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and vernietigingsdatum > (select hub_vandaag())
    and status <> 'ingetrokken');

-- The sweeper destroys only what has expired, even if its code were wrong. It sees which signals live on an
-- address, never their content.
grant select (gemeentecode, id, adres_index, status, vernietigingsdatum, vernietigingsaanleiding) on vroegsignaal
  to signaalhub_vernietiger;
create policy vernietiger_zien on vroegsignaal for select to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant delete, update (status) on vroegsignaal to signaalhub_vernietiger;
create policy vernietiger_verlopen on vroegsignaal for delete to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[])
    and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding <> 'bewaartermijn'));
create policy vernietiger_vasthouden on vroegsignaal for update to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[])
    and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding <> 'bewaartermijn'));

grant select, insert, update on afwijzing_telling to signaalhub_signaalpartner;
create policy eigen on afwijzing_telling to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
grant select on afwijzing_telling to signaalhub_beheer, signaalhub_gemeente;
create policy beheer on afwijzing_telling for select to signaalhub_beheer using (true);
create policy eigen_gemeente on afwijzing_telling for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));

grant select on bezwaar to signaalhub_signaalpartner;
create policy toetsen on bezwaar for select to signaalhub_signaalpartner
  using ((select hub_signaalpartner_id()) is not null
    and (signaalpartner_id is null or signaalpartner_id = (select hub_signaalpartner_id()))
    and einddatum >= (select hub_vandaag()));
grant select, delete on bezwaar to signaalhub_vernietiger;
create policy vernietiger_verlopen on bezwaar to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and einddatum < (select hub_vandaag()));
