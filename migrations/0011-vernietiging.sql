-- vernietiging: what was destroyed, how much and why, never about whom. A signed chain per municipality. Kept as proof
-- of destruction (AVG art. 5 lid 2).
create table vernietiging (
  gemeentecode text not null references gemeente,
  id uuid not null,
  volgnummer integer not null,
  uitgevoerd_op timestamptz not null,
  aanleiding text not null check (aanleiding in ('bewaartermijn', 'geen-hulp', 'wissing', 'bezwaar', 'intrekking')),
  aantal_vroegsignalen integer not null,
  aantal_huishoudens integer not null,
  bewijs text not null,
  primary key (gemeentecode, id),
  unique (gemeentecode, volgnummer)
);

alter table vernietiging enable row level security, force row level security;
grant select, insert on vernietiging to signaalhub_vernietiger;
create policy vernietiger on vernietiging to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on vernietiging to signaalhub_gemeente;
create policy gemeente_lezen on vernietiging for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on vernietiging to signaalhub_beheer;
create policy beheer_lezen on vernietiging for select to signaalhub_beheer using (true);
