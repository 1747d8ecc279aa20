-- bezwaar: residents who object to signals about them (AVG art. 21), to those of one partner or of all. Holds only
-- keyed hashes, of every form under which the person has to be recognised to refuse new signals; it is looked up by the
-- house number or the BSN. The sweeper deletes it after `einddatum`.
create table bezwaar (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid references signaalpartner,
  huisnummer_index bytea,
  adres_indexen bytea[] not null default '{}',
  naam_indexen bytea[] not null default '{}',
  bsn_index bytea,
  geboortedatum_index bytea,
  voorletter_index bytea,
  einddatum date not null,
  primary key (gemeentecode, id)
);
create index bezwaar_huisnummer on bezwaar (huisnummer_index) where huisnummer_index is not null;
create index bezwaar_bsn on bezwaar (bsn_index) where bsn_index is not null;
create index bezwaar_einddatum on bezwaar (einddatum, gemeentecode);

alter table bezwaar enable row level security, force row level security;
grant select on bezwaar to signaalhub_signaalpartner;
create policy toetsen on bezwaar for select to signaalhub_signaalpartner
  using (exists (select from hub_herkomsten() h
      where bezwaar.signaalpartner_id is null or h.signaalpartner_id = bezwaar.signaalpartner_id)
    and einddatum >= (select hub_vandaag()));

-- A signal may not move to a municipality where the resident objected to it.
grant select on bezwaar to signaalhub_afhandelaar;
create policy afhandelaar on bezwaar for select to signaalhub_afhandelaar using (einddatum >= (select hub_vandaag()));

grant select, delete on bezwaar to signaalhub_vernietiger;
create policy vernietiger_verlopen on bezwaar to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and einddatum < (select hub_vandaag()));
create policy vernietiger_vinden on bezwaar for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and einddatum < (select hub_vandaag()));
