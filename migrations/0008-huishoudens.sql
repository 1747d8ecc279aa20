-- Numbers every publication of a household. A number is taken while the municipality's households are locked, so within
-- a municipality none commits after a higher one. The sequence is shared by all municipalities.
create sequence huishouden_volgnummer;
grant usage on sequence huishouden_volgnummer to signaalhub_matcher, signaalhub_herleider, signaalhub_vernietiger;
grant select on sequence huishouden_volgnummer to signaalhub_gemeente;

-- huishouden: the live signals on one address, counted (Wgs art. 3 lid 1 onder b). The address is a keyed hash; this is
-- not a household of the population register. Derived from `vroegsignaal` and destroyed with its last live signal.
-- `open_reactiedatum`: the day by which the signals that nobody has taken up must be answered. `geplande_datum`: the
-- soonest day on which one of those ends a home, its supply or an insurance.
-- `urgentie`: what waits to be taken up: 0 a crisis, 1 a young person, 2 anything else, 3 nothing. With `reactiedatum`,
-- which is never after `geplande_datum`, it is the order of the list.
-- `adres_bekend`: whether the address register holds the address; null where it holds nothing on the postcode.
-- `adresindicatie_bron`, `adresindicatie_datum`: the municipality's own mark that the address may be wrong.
-- No foreign key: its signals are of a municipality that takes part, and checking that again takes time in every match.
create table huishouden (
  gemeentecode text not null,
  id uuid not null,
  adres_index bytea not null,
  matchsoorten text[] not null,
  crisis boolean not null,
  jongere boolean not null,
  vroegsignaal_ids uuid[] not null check (cardinality(vroegsignaal_ids) > 0),
  aantal_signalen integer not null check (aantal_signalen = cardinality(vroegsignaal_ids)),
  aantal_signaalpartners integer not null,
  sectoren text[] not null,
  totaalbedrag_in_centen bigint not null,
  eerste_signaal_op timestamptz not null,
  laatste_signaal_op timestamptz not null,
  reactiedatum date not null,
  geplande_datum date,
  urgentie smallint not null check (urgentie between 0 and 3),
  opgepakt integer not null,
  eerste_verval date not null,
  laatste_verval date not null,
  volgnummer bigint not null default nextval('huishouden_volgnummer'),
  open_reactiedatum date,
  adresindicatie_bron text check (adresindicatie_bron in ('laa', 'eigen-onderzoek')),
  adresindicatie_datum date,
  adres_bekend boolean,
  primary key (gemeentecode, id),
  check ((adresindicatie_bron is null) = (adresindicatie_datum is null))
);
create unique index huishouden_adres on huishouden (adres_index, gemeentecode);
-- For whoever knows a household by its id alone and works for many municipalities.
create index huishouden_id on huishouden (id);
-- The order of a municipality's list: a page continues here from where the last one ended.
create index huishouden_volgorde on huishouden (gemeentecode, urgentie, reactiedatum, id);
-- The same for whoever works for many municipalities.
create index huishouden_volgorde_van_alle on huishouden (urgentie, reactiedatum, gemeentecode, id);
create index huishouden_volgnummers on huishouden (gemeentecode, volgnummer);
-- For whoever follows many municipalities.
create index huishouden_wijzigingen on huishouden (volgnummer);
create index huishouden_eerste_verval on huishouden (eerste_verval, gemeentecode);

alter table huishouden enable row level security, force row level security;

grant select, update (adresindicatie_bron, adresindicatie_datum) on huishouden to signaalhub_gemeente;
create policy gemeente_lezen on huishouden for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and laatste_verval > (select hub_vandaag()));
create policy gemeente_aanduiden on huishouden for update to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and laatste_verval > (select hub_vandaag()))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

grant select, insert, update, delete on huishouden to signaalhub_matcher;
create policy matcher on huishouden to signaalhub_matcher
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- When an address is compared anew, its household comes along, and two that turn out to be one are joined.
grant select (gemeentecode, id, adres_index, eerste_signaal_op, laatste_verval, volgnummer, adresindicatie_bron,
  adresindicatie_datum), update (adres_index, adresindicatie_bron, adresindicatie_datum), delete on huishouden
  to signaalhub_herleider;
create policy herleider on huishouden to signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- The sweeper cannot delete a household that still has a live signal.
grant select (gemeentecode, id, adres_index, eerste_verval, laatste_verval, volgnummer), delete on huishouden
  to signaalhub_vernietiger;
create policy vernietiger_zien on huishouden for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_leeg on huishouden for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (
    select from vroegsignaal s
    where (s.gemeentecode = huishouden.gemeentecode) is true and s.adres_index = huishouden.adres_index
      and s.vernietigingsdatum > (select hub_vandaag()) and s.status <> 'ingetrokken'));
create policy vernietiger_vinden on huishouden for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null
    and eerste_verval <= (select hub_vandaag()) and laatste_verval <= (select hub_vandaag()));

-- What its municipality cannot see any more, it is not told about either.
grant select (gemeentecode, id, vroegsignaal_ids, laatste_verval) on huishouden to signaalhub_bezorger;
create policy bezorger_zichtbaar on huishouden for select to signaalhub_bezorger
  using (gemeentecode in (select unnest(hub_gemeentecodes()))
    and laatste_verval > (select hub_vandaag()));

-- huishouden_vervallen: households that are gone, so that a system that follows the list hears of it. A random id and a
-- number, nothing about a resident. The sweeper deletes it some weeks after `vervaldatum`. No foreign key, because the
-- household had one; checking it again took a tenth of the time of a sweep.
create table huishouden_vervallen (
  gemeentecode text not null,
  id uuid not null,
  volgnummer bigint not null default nextval('huishouden_volgnummer'),
  vervaldatum date not null,
  primary key (gemeentecode, id)
);
create index huishouden_vervallen_volgnummers on huishouden_vervallen (gemeentecode, volgnummer);
create index huishouden_vervallen_wijzigingen on huishouden_vervallen (volgnummer);
create index huishouden_vervallen_vervaldatum on huishouden_vervallen (vervaldatum, gemeentecode);

alter table huishouden_vervallen enable row level security, force row level security;
grant select, insert, update (volgnummer, vervaldatum) on huishouden_vervallen
  to signaalhub_matcher, signaalhub_herleider, signaalhub_vernietiger;
create policy zien on huishouden_vervallen for select to signaalhub_matcher, signaalhub_herleider, signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy melden on huishouden_vervallen for insert to signaalhub_matcher, signaalhub_herleider,
  signaalhub_vernietiger with check (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy opnieuw_melden on huishouden_vervallen for update to signaalhub_matcher, signaalhub_herleider,
  signaalhub_vernietiger using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant delete on huishouden_vervallen to signaalhub_vernietiger;
create policy vernietiger_vergeten on huishouden_vervallen for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and vervaldatum < (select hub_vandaag()));
create policy vernietiger_vinden on huishouden_vervallen for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and vervaldatum < (select hub_vandaag()));
grant select on huishouden_vervallen to signaalhub_gemeente;
create policy gemeente_lezen on huishouden_vervallen for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- huishouden_vergeten: the highest number deleted from `huishouden_vervallen`. A follower that is not past it has
-- missed some and must read the whole list again. No personal data. Kept.
create table huishouden_vergeten (
  gemeentecode text primary key references gemeente,
  tot_en_met_volgnummer bigint not null
);

alter table huishouden_vergeten enable row level security, force row level security;
grant select, insert, update on huishouden_vergeten to signaalhub_vernietiger;
create policy eigen on huishouden_vergeten to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on huishouden_vergeten to signaalhub_gemeente;
create policy gemeente_lezen on huishouden_vergeten for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
