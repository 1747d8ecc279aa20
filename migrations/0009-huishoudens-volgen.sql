-- What a municipality needs to follow its households: a number for every publication, the memory of those that are
-- gone, and the day by which the signals that nobody has taken up yet must be answered.

-- Taken while the municipality's households are locked, so that within a municipality a number never commits behind a
-- higher one. It counts publications over all municipalities; it says nothing of any of them.
create sequence huishouden_volgnummer;

alter table huishouden
  add column volgnummer bigint not null default nextval('huishouden_volgnummer'),
  add column open_reactiedatum date,
  add column adresindicatie_bron text check (adresindicatie_bron in ('laa', 'eigen-onderzoek')),
  add column adresindicatie_datum date,
  add check ((adresindicatie_bron is null) = (adresindicatie_datum is null));
create index huishouden_volgnummers on huishouden (gemeentecode, volgnummer);

-- What stands already is counted anew, which fills in the new column. The owner is under row level security too.
alter table huishouden no force row level security;
alter table huishouden_markering no force row level security;
insert into huishouden_markering (gemeentecode, adres_index) select gemeentecode, adres_index from huishouden;
alter table huishouden force row level security;
alter table huishouden_markering force row level security;

-- huishouden_vervallen: households that are gone, so that whoever follows the list hears of it. A random id and a
-- number, nothing of a resident. Forgotten by the sweeper after 35 days.
create table huishouden_vervallen (
  gemeentecode text not null references gemeente,
  id uuid not null,
  volgnummer bigint not null default nextval('huishouden_volgnummer'),
  vervaldatum date not null,
  primary key (gemeentecode, id)
);
create index huishouden_vervallen_volgnummers on huishouden_vervallen (gemeentecode, volgnummer);
create index huishouden_vervallen_vervaldatum on huishouden_vervallen (vervaldatum, gemeentecode);

-- huishouden_vergeten: up to which number households that are gone have been forgotten; whoever stands before it has
-- missed some and must take the list anew. No personal data. Kept.
create table huishouden_vergeten (
  gemeentecode text primary key references gemeente,
  tot_en_met_volgnummer bigint not null
);

alter table huishouden_vervallen enable row level security;
alter table huishouden_vervallen force row level security;
alter table huishouden_vergeten enable row level security;
alter table huishouden_vergeten force row level security;

grant usage on sequence huishouden_volgnummer to signaalhub_matcher, signaalhub_vernietiger;
grant select on sequence huishouden_volgnummer to signaalhub_gemeente;
grant select (volgnummer, eerste_verval) on huishouden to signaalhub_vernietiger;

grant select, insert, update on huishouden_vervallen to signaalhub_matcher;
grant select, insert, update, delete on huishouden_vervallen to signaalhub_vernietiger;
create policy eigen on huishouden_vervallen to signaalhub_matcher, signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select on huishouden_vervallen, huishouden_vergeten to signaalhub_gemeente;
create policy gemeente_lezen on huishouden_vervallen for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy gemeente_lezen on huishouden_vergeten for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select, insert, update on huishouden_vergeten to signaalhub_vernietiger;
create policy eigen on huishouden_vergeten to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));

-- What a municipality itself says of a household: that its address may be wrong. It goes with the household.
grant update (adresindicatie_bron, adresindicatie_datum) on huishouden to signaalhub_gemeente;
create policy gemeente_aanduiden on huishouden for update to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and laatste_verval > (select hub_vandaag()))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
