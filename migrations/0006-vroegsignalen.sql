-- vroegsignaal: a partner's signal about a resident's arrears (Wgs art. 3 lid 1 onder b; Bgs art. 3). Personal data are
-- encrypted in `inhoud`, and apart from it the outcome of every criterion in `beoordeling`, which only a reader of one
-- signal needs; both under the data key of `sleuteldag`, the day of destruction as it was at intake. The `_index` columns
-- are keyed hashes. Destroyed by the sweeper on `vernietigingsdatum`, or at once when `vernietigingsaanleiding`
-- is neither `bewaartermijn` nor `geen-hulp`.
-- `afgerond`: the signal is over for its partner and hidden from it, whatever the result was, so that an early
-- destruction does not give the result away.
-- `adresversie`: the version of the address register and its rules under which `adres_index` was made. `adres_bekend`:
-- whether the register holds the address; null where it holds nothing on the postcode.
-- `doorgezonden_van`: the municipality that the partner sent the signal to, when it has moved since. The signal is over for
-- the partner then, as when the case had ended with `geen-inwoner`: it may not learn where a resident lives now.
-- `beperkt`: a resident asked for restriction (AVG art. 18): the signal is in no list, search, match or delta, and stays until
-- its term.
-- No foreign keys: the insert policies require an agreement, which refers to both partner and municipality. Checking
-- both again took a quarter of the time of an insert.
create table vroegsignaal (
  gemeentecode text not null,
  id uuid not null,
  signaalpartner_id uuid not null,
  referentie_index bytea not null,
  soort text not null check (soort in ('vroegsignaal', 'afsluitsignaal', 'ontruimingssignaal', 'royementssignaal')),
  sector text not null check (sector ~ '^[a-z-]{1,40}$'),
  status text not null check (status in ('ontvangen', 'opgepakt', 'niet-opgepakt', 'ingetrokken')),
  signaaldatum date not null,
  ontvangen_op timestamptz not null,
  ontvangstdatum date not null,
  reactiedatum date not null,
  geplande_datum date check ((geplande_datum is null) = (soort = 'vroegsignaal')),
  sleuteldag date not null check (sleuteldag > ontvangstdatum and sleuteldag <= ontvangstdatum + interval '6 months'),
  vernietigingsdatum date not null check (vernietigingsdatum <= sleuteldag),
  vernietigingsaanleiding text not null default 'bewaartermijn'
    check (vernietigingsaanleiding in ('bewaartermijn', 'geen-hulp', 'wissing', 'bezwaar', 'intrekking',
      'onterecht-signaal')),
  bedrag_in_centen integer not null check (bedrag_in_centen between 1 and 100000000),
  jongere boolean not null,
  adres_index bytea not null,
  adresversie integer not null,
  adres_bekend boolean,
  persoon_index bytea not null,
  bsn_index bytea,
  klant_index bytea not null,
  inhoud_hash bytea not null,
  herhaling_van uuid,
  inhoud bytea not null,
  beoordeling bytea,
  afgerond boolean not null default false,
  doorgezonden_van text,
  beperkt boolean not null default false,
  primary key (gemeentecode, id),
  check (doorgezonden_van is null or afgerond)
);
-- A hash comes first in its index, or alone, so that no other index fits a look-up by it: a plan that was made for an empty
-- table takes any that fits. For the same reason `is true` keeps the conditions of the policies away from the indexes:
-- each statement names the columns of the index that it wants.
-- Unique over all municipalities: the reference is the partner's own, and so is its hash.
create unique index vroegsignaal_referentie on vroegsignaal (referentie_index);
-- For whoever knows a signal by its id alone and works for many municipalities.
create index vroegsignaal_id on vroegsignaal (id);
create index vroegsignaal_signaalpartner on vroegsignaal (signaalpartner_id, id);
create index vroegsignaal_klant on vroegsignaal (klant_index);
create index vroegsignaal_adres on vroegsignaal (adres_index);
create index vroegsignaal_bsn on vroegsignaal (bsn_index) where bsn_index is not null;
create index vroegsignaal_adresversie on vroegsignaal (gemeentecode, adresversie);
create index vroegsignaal_vernietigingsdatum on vroegsignaal (vernietigingsdatum, gemeentecode);
create index vroegsignaal_vervroegd on vroegsignaal (gemeentecode)
  where vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp');

alter table vroegsignaal enable row level security, force row level security;

-- A partner may correct its own signal, and withdraw it, which may make its destruction due.
grant select, insert, update (status, signaaldatum, reactiedatum, geplande_datum, bedrag_in_centen, inhoud_hash,
  herhaling_van, inhoud, beoordeling, vernietigingsaanleiding) on vroegsignaal to signaalhub_signaalpartner;
create policy eigen_lezen on vroegsignaal for select to signaalhub_signaalpartner
  using (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h)
    and (vernietigingsdatum > (select hub_vandaag())) is true and not afgerond);
create policy eigen_wijzigen on vroegsignaal for update to signaalhub_signaalpartner
  using ((signaalpartner_id = (select hub_signaalpartner_id())) is true and (vernietigingsdatum > (select hub_vandaag())) is true
    and not afgerond)
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
create policy eigen_aanleveren on vroegsignaal for insert to signaalhub_signaalpartner
  with check (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h)
    -- A delivery that began before midnight may take in signals after it.
    and ontvangstdatum - (select hub_vandaag()) in (0, 1) and vernietigingsdatum = sleuteldag
    and status = 'ontvangen' and vernietigingsaanleiding = 'bewaartermijn' and not afgerond and not beperkt and exists (
    select from overeenkomst o
    where o.gemeentecode = vroegsignaal.gemeentecode and o.signaalpartner_id = vroegsignaal.signaalpartner_id
      and vroegsignaal.sector = any (o.sectoren) and overeenkomst_geldt(o, (select hub_vandaag()))));

grant select, update (status, afgerond) on vroegsignaal to signaalhub_gemeente;
create policy gemeente_lezen on vroegsignaal for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and (vernietigingsdatum > (select hub_vandaag())) is true
    and status <> 'ingetrokken' and not beperkt);
create policy gemeente_behandelen on vroegsignaal for update to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and (vernietigingsdatum > (select hub_vandaag())) is true
    and status <> 'ingetrokken' and not beperkt)
  with check (gemeentecode in (select unnest(hub_gemeentecodes()))
    and status in ('ontvangen', 'opgepakt', 'niet-opgepakt'));

-- What no policy can say, because it depends on the row as it was: a withdrawn signal stays withdrawn, one that is due at
-- once stays due, only a signal that moves waits anew, and whoever is neither municipality nor `doorzender` can do no
-- more to a status than withdraw.
create function vroegsignaal_toestand() returns trigger language plpgsql as $$
begin
  if old.status = 'ingetrokken' and new.status <> 'ingetrokken'
    or old.vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp')
      and new.vernietigingsaanleiding in ('bewaartermijn', 'geen-hulp')
    or new.status <> old.status and (case current_user
      when 'signaalhub_gemeente' then new.status = 'ontvangen'
      when 'signaalhub_doorzender' then new.status not in ('ontvangen', 'ingetrokken')
      else current_user ~ '^signaalhub_' and new.status <> 'ingetrokken' end)
    or new.vernietigingsaanleiding <> old.vernietigingsaanleiding
      and current_user = 'signaalhub_signaalpartner' and new.vernietigingsaanleiding <> 'intrekking'
  then
    raise exception 'a signal does not go from % (%) to % (%)', old.status, old.vernietigingsaanleiding, new.status,
      new.vernietigingsaanleiding using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger vroegsignaal_toestand before update of status, vernietigingsaanleiding on vroegsignaal for each row
  when (new.status <> old.status or new.vernietigingsaanleiding <> old.vernietigingsaanleiding)
  execute function vroegsignaal_toestand();

-- `afhandelaar` may rectify who a signal is about and where, may bring its destruction forward for the reasons that the end
-- of a case gives, and undo that within its own term, and at once when a resident asks for erasure or objects.
grant select, update (status, vernietigingsdatum, vernietigingsaanleiding, inhoud, adres_index,
  adresversie, adres_bekend, persoon_index, bsn_index, jongere, beperkt) on vroegsignaal to signaalhub_afhandelaar;
create policy afhandelaar_eigen on vroegsignaal for select to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy afhandelaar_vervroegen on vroegsignaal for update to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes()))
    and case vernietigingsaanleiding when 'bewaartermijn' then vernietigingsdatum = sleuteldag
      when 'wissing' then status = 'ingetrokken' when 'bezwaar' then status = 'ingetrokken'
      when 'intrekking' then status = 'ingetrokken' else true end);

-- `doorzender` moves a signal only to a municipality that its partner could have sent it to. Where the resident objected
-- there, it arrives withdrawn and due for destruction at once. The row stays the same one, so that whoever waits for it
-- finds it moved, not gone.
grant select (gemeentecode, id, signaalpartner_id, sector, signaaldatum, vernietigingsdatum, vernietigingsaanleiding,
  doorgezonden_van), update (gemeentecode, status, afgerond, inhoud, beoordeling, doorgezonden_van, vernietigingsaanleiding) on vroegsignaal to signaalhub_doorzender;
create policy doorzender_zien on vroegsignaal for select to signaalhub_doorzender
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy doorzender_verhuizen on vroegsignaal for update to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()) and status <> 'ingetrokken' and not beperkt
    and (vernietigingsdatum > (select hub_vandaag())) is true)
  with check (gemeentecode = (select hub_gemeente_naar()) and doorgezonden_van is not null
    and (status = 'ontvangen' and vernietigingsaanleiding in ('bewaartermijn', 'geen-hulp')
      or status = 'ingetrokken' and vernietigingsaanleiding = 'bezwaar')
    and exists (
      select from overeenkomst o
      where o.gemeentecode = vroegsignaal.gemeentecode and o.signaalpartner_id = vroegsignaal.signaalpartner_id
        and vroegsignaal.sector = any (o.sectoren) and overeenkomst_geldt(o, vroegsignaal.signaaldatum)
        and overeenkomst_geldt(o, (select hub_vandaag()))));

-- The matcher sees what it counts, never the content.
grant select (gemeentecode, id, signaalpartner_id, soort, sector, status, ontvangen_op, ontvangstdatum, reactiedatum,
  geplande_datum, vernietigingsdatum, bedrag_in_centen, jongere, adres_index, adres_bekend, klant_index) on vroegsignaal
  to signaalhub_matcher;
create policy matcher_lezen on vroegsignaal for select to signaalhub_matcher
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and (vernietigingsdatum > (select hub_vandaag())) is true and status <> 'ingetrokken'
    and not beperkt);

-- An address is compared anew from its content. Withdrawn signals come along: the sweeper marks their addresses.
grant select (gemeentecode, id, status, sleuteldag, vernietigingsdatum, adres_index, adresversie, adres_bekend,
  persoon_index, inhoud, beoordeling), update (adres_index, adresversie, adres_bekend, inhoud, beoordeling)
  on vroegsignaal to signaalhub_herleider;
create policy herleider_lezen on vroegsignaal for select to signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and (vernietigingsdatum > (select hub_vandaag())) is true);
create policy herleider_herleiden on vroegsignaal for update to signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and (vernietigingsdatum > (select hub_vandaag())) is true)
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- The sweeper can delete only what is due, even if its code were wrong. It sees which signals an address has, never
-- their content. When no help is wanted, `vernietigingsdatum` itself is brought forward; any other early reason is due
-- at once. Without the right to update a column the sweeper could not lock the rows; it can change none of those.
grant select (gemeentecode, id, adres_index, status, sector, ontvangstdatum, sleuteldag, vernietigingsdatum,
  vernietigingsaanleiding, beperkt), delete, update (beperkt) on vroegsignaal to signaalhub_vernietiger;
create policy vernietiger_zien on vroegsignaal for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_verlopen on vroegsignaal for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp')));
create policy vernietiger_vasthouden on vroegsignaal for update to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp')))
  with check (false);

-- It ends restrictions whose day has come.
create policy vernietiger_opheffen on vroegsignaal for update to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and beperkt)
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and not beperkt);

-- Once a night the sweeper asks, for no municipality, where it has work. Then it sees what is due, of all of them, and
-- can delete none of it. The same holds for every policy of this name.
create policy vernietiger_vinden on vroegsignaal for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null
    and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp')));

-- What was destroyed early and came back with a restored dump is made due again, wherever it was then.
grant select (gemeentecode, id, vernietigingsdatum), update (status, vernietigingsdatum, vernietigingsaanleiding) on vroegsignaal
  to signaalhub_sleutelbewaarder;
create policy sleutelbewaarder_vinden on vroegsignaal for select to signaalhub_sleutelbewaarder using (true);
create policy sleutelbewaarder_hervatten on vroegsignaal for update to signaalhub_sleutelbewaarder using (true)
  with check (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp'));

-- What its municipality cannot see any more, it is not told about either.
grant select (gemeentecode, id, vernietigingsdatum, status, beperkt) on vroegsignaal to signaalhub_bezorger;
create policy bezorger_zichtbaar on vroegsignaal for select to signaalhub_bezorger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and (vernietigingsdatum > (select hub_vandaag())) is true
    and status <> 'ingetrokken' and not beperkt);

-- gemeld_signaal: what stays of a signal that is over for its partner: keyed hashes of the partner's own reference and
-- customer, which its later signals are compared with, and its receipt, encrypted in `inhoud` under the data key of
-- `vernietigingsdatum`. No address or person can be found by it, and no municipality can read it. Destroyed on that
-- day, the end of the signal's own term, or with the signal when that must go at once.
create table gemeld_signaal (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  referentie_index bytea not null,
  klant_index bytea not null,
  soort text not null,
  sector text not null,
  signaaldatum date not null,
  ontvangen_op timestamptz not null,
  bedrag_in_centen integer not null,
  betrokkene_pseudoniem bytea not null,
  vernietigingsdatum date not null,
  inhoud bytea not null,
  primary key (gemeentecode, id)
);
create index gemeld_signaal_referentie on gemeld_signaal (referentie_index);
create index gemeld_signaal_klant on gemeld_signaal (klant_index);
create index gemeld_signaal_id on gemeld_signaal (id);
create index gemeld_signaal_vernietigingsdatum on gemeld_signaal (vernietigingsdatum, gemeentecode);

alter table gemeld_signaal enable row level security, force row level security;

-- Also after its day, until the sweeper has run: the reference stays taken as long as the row of a signal would keep
-- it. Queries for anything else name the day themselves.
grant select on gemeld_signaal to signaalhub_signaalpartner;
create policy eigen_lezen on gemeld_signaal for select to signaalhub_signaalpartner
  using (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h));

-- A municipality writes these rows, of its own signals and for their own term, and can never read them back.
grant insert on gemeld_signaal to signaalhub_gemeente;
create policy gemeente_afronden on gemeld_signaal for insert to signaalhub_gemeente
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and exists (
    select from vroegsignaal s
    where s.gemeentecode = gemeld_signaal.gemeentecode and s.id = gemeld_signaal.id
      and s.signaalpartner_id = gemeld_signaal.signaalpartner_id
      and s.sleuteldag = gemeld_signaal.vernietigingsdatum offset 0));

-- When a result is recalled, the partner sees the signal itself again. When the partner withdraws a signal that is over for
-- it, nothing is left of it.
grant select (gemeentecode, id), delete on gemeld_signaal to signaalhub_afhandelaar;
create policy afhandelaar_zien on gemeld_signaal for select to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy afhandelaar_herroepen on gemeld_signaal for delete to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (
    select from vroegsignaal s
    where s.gemeentecode = gemeld_signaal.gemeentecode and s.id = gemeld_signaal.id
      and s.afgerond and s.status <> 'ingetrokken' offset 0));

-- It moves with its signal, so that destroying the signal there also destroys this.
grant select (gemeentecode, id), update (gemeentecode) on gemeld_signaal to signaalhub_doorzender;
create policy doorzender_zien on gemeld_signaal for select to signaalhub_doorzender
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy doorzender_verhuizen on gemeld_signaal for update to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()))
  with check (gemeentecode = (select hub_gemeente_naar()) and exists (
    select from vroegsignaal s
    where s.gemeentecode = gemeld_signaal.gemeentecode and s.id = gemeld_signaal.id offset 0));

-- The sweeper can delete it on its day, or once its signal is gone (`offset 0`: looked up one by one). The same holds for
-- all that goes with a signal.
grant select (gemeentecode, id, vernietigingsdatum), delete on gemeld_signaal to signaalhub_vernietiger;
create policy vernietiger_zien on gemeld_signaal for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_met_signaal on gemeld_signaal for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and (vernietigingsdatum <= (select hub_vandaag())
    or not exists (select from vroegsignaal s
      where s.gemeentecode = gemeld_signaal.gemeentecode and s.id = gemeld_signaal.id offset 0)));
create policy vernietiger_vinden on gemeld_signaal for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and vernietigingsdatum <= (select hub_vandaag()));

-- What is told about a signal goes with it.
alter policy vernietiger_weg on gebeurtenis using (gemeentecode in (select unnest(hub_gemeentecodes()))
  and (vroegsignaal_id is null or dag < (select hub_vandaag()) or not exists (select from vroegsignaal s
    where s.gemeentecode = gebeurtenis.gemeentecode and s.id = gebeurtenis.vroegsignaal_id offset 0)));

-- ongeldig_meldbewijs: the receipts that are not valid any more, because the signal was withdrawn as wrong or found to
-- be. A receipt has no end, so neither has this; it holds a keyed hash of the signal's random id and the reason, nothing
-- about a resident. Anyone who has the receipt may ask; nobody can list.
create table ongeldig_meldbewijs (
  signaal_hash bytea primary key,
  reden text not null check (reden in ('foutief', 'bezwaar', 'onterecht-signaal'))
);

alter table ongeldig_meldbewijs enable row level security, force row level security;
grant insert on ongeldig_meldbewijs to signaalhub_signaalpartner, signaalhub_gemeente;
create policy ongeldig_maken on ongeldig_meldbewijs for insert to signaalhub_signaalpartner, signaalhub_gemeente
  with check (true);
grant select on ongeldig_meldbewijs to signaalhub_toegang;
create policy controleren on ongeldig_meldbewijs for select to signaalhub_toegang using (true);
