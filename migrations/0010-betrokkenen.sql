-- bezwaar: residents who object to signals about them (AVG art. 21), to those of one partner or of all. Holds only
-- keyed hashes, of every form under which the person has to be recognised to refuse new signals; it is looked up by the
-- house number or the BSN. `via_signaalpartner`: its own partner registered it, and may end it. The sweeper deletes it
-- after `einddatum`.
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
  via_signaalpartner boolean not null default false,
  einddatum date not null,
  primary key (gemeentecode, id)
);
create index bezwaar_huisnummer on bezwaar (huisnummer_index) where huisnummer_index is not null;
create index bezwaar_bsn on bezwaar (bsn_index) where bsn_index is not null;
-- For whoever ends one by its id alone.
create index bezwaar_id on bezwaar (id);
create index bezwaar_einddatum on bezwaar (einddatum, gemeentecode);

alter table bezwaar enable row level security, force row level security;
grant select on bezwaar to signaalhub_signaalpartner;
create policy toetsen on bezwaar for select to signaalhub_signaalpartner
  using (exists (select from hub_herkomsten() h
      where bezwaar.signaalpartner_id is null or h.signaalpartner_id = bezwaar.signaalpartner_id)
    and einddatum >= (select hub_vandaag()));

-- A partner registers the objection of its own customer to its own signals, in a municipality that it has or had an
-- agreement with.
grant insert, delete on bezwaar to signaalhub_signaalpartner;
create policy eigen_klant on bezwaar for insert to signaalhub_signaalpartner
  with check (signaalpartner_id = (select hub_signaalpartner_id()) and via_signaalpartner and exists (
    select from overeenkomst o
    where o.gemeentecode = bezwaar.gemeentecode and o.signaalpartner_id = bezwaar.signaalpartner_id));
create policy eigen_intrekken on bezwaar for delete to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and via_signaalpartner);

grant select, insert, delete on bezwaar to signaalhub_gemeente;
create policy gemeente on bezwaar to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and einddatum >= (select hub_vandaag()))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and not via_signaalpartner);

-- A rectified signal must still be admissible, and a resident may know of an objection.
grant select on bezwaar to signaalhub_afhandelaar;
create policy afhandelaar on bezwaar for select to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and einddatum >= (select hub_vandaag()));

-- A signal may not live on in a municipality where the resident objected to it.
grant select on bezwaar to signaalhub_doorzender;
create policy doorzender on bezwaar for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_naar()) and einddatum >= (select hub_vandaag()));

grant select, delete on bezwaar to signaalhub_vernietiger;
create policy vernietiger_verlopen on bezwaar to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and einddatum < (select hub_vandaag()));
create policy vernietiger_vinden on bezwaar for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and einddatum < (select hub_vandaag()));

-- beperking: residents who asked for restriction of what is held about them (AVG art. 18), as the random ids of their
-- signals. The sweeper ends it on `vervaldatum`: the day after the end that was asked for, or the day on which the last of
-- the signals is destroyed.
create table beperking (
  gemeentecode text not null references gemeente,
  id uuid not null,
  vroegsignaal_ids uuid[] not null,
  vastgelegd_op timestamptz not null,
  einddatum date,
  vervaldatum date not null,
  primary key (gemeentecode, id)
);
create index beperking_id on beperking (id);
create index beperking_vervaldatum on beperking (vervaldatum, gemeentecode);

alter table beperking enable row level security, force row level security;
grant select, insert, delete on beperking to signaalhub_gemeente;
create policy gemeente on beperking to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and vervaldatum > (select hub_vandaag()))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
-- The sweeper lifts no restriction that another one of the same signal still keeps up.
alter policy vernietiger_opheffen on vroegsignaal with check (gemeentecode in (select unnest(hub_gemeentecodes()))
  and not beperkt and not exists (select from beperking b
    where b.gemeentecode = vroegsignaal.gemeentecode and vroegsignaal.id = any (b.vroegsignaal_ids)));

grant select on beperking to signaalhub_afhandelaar;
create policy afhandelaar on beperking for select to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select, delete on beperking to signaalhub_vernietiger;
create policy vernietiger_zien on beperking for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_verlopen on beperking for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and vervaldatum <= (select hub_vandaag()));
create policy vernietiger_vinden on beperking for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and vervaldatum <= (select hub_vandaag()));
