-- The key database: its backups are short, so a key that is gone here is gone.

-- `sleutelhouder` makes, reads and destroys keys. It has no right to any row of the other database, and no duty of that one
-- has a right here, also where both are on one server.
do $$
begin
  begin
    create role signaalhub_sleutelhouder nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    grant signaalhub_sleutelhouder to current_user;
  exception when insufficient_privilege then
    if not pg_has_role(current_user, 'signaalhub_sleutelhouder', 'member') then
      raise exception 'grant role signaalhub_sleutelhouder to %', current_user;
    end if;
  end;
end $$;

revoke all on schema public from public;
grant usage on schema public to signaalhub_sleutelhouder;
grant select on migratie to signaalhub_sleutelhouder;

-- sleutel: standing keys (blind indexes, signatures, cursors), each wrapped by the KEK. Secrets, no personal data.
create table sleutel (
  doel text primary key,
  gewikkeld bytea not null,
  aangemaakt_op timestamptz not null
);

-- dagsleutel: one random data key per day of destruction, wrapped by the KEK. Destroying day D deletes key D,
-- and with it whatever backups, WAL and free pages still hold of that day.
create table dagsleutel (
  dag date primary key,
  id uuid not null,
  gewikkeld bytea not null
);

-- vernietigde_dagsleutel: which data keys were destroyed and when. Kept: the proofs of destruction name them.
create table vernietigde_dagsleutel (
  id uuid primary key,
  dag date not null,
  vernietigd_op timestamptz not null
);

-- vervroegde_vernietiging: the signals that were destroyed before the day of their data key, whose content older dumps of
-- the rows still hold until that day. A dump that is restored must not bring them back: whatever came after its own
-- `vervroegd_stand` is destroyed again before the hub serves. Random ids, nothing about a resident. Deleted with the data
-- key of `sleuteldag`.
create table vervroegde_vernietiging (
  vroegsignaal_id uuid primary key,
  volgnummer bigint generated always as identity unique,
  grond text not null,
  sleuteldag date not null,
  vernietigd_op timestamptz not null
);
create index vervroegde_vernietiging_sleuteldag on vervroegde_vernietiging (sleuteldag);

-- klok: until when the hub ran, by its own clock. What is destroyed does not come back, so a clock that stands far from this
-- instant destroys nothing until the operator says what day it is. One row, no personal data. Kept.
create table klok (
  enige boolean primary key default true check (enige),
  gelopen_tot timestamptz not null
);

-- A standing key is never replaced or deleted, and what was destroyed stays recorded.
grant select, insert on sleutel, vernietigde_dagsleutel to signaalhub_sleutelhouder;
grant select, insert, delete on dagsleutel, vervroegde_vernietiging to signaalhub_sleutelhouder;
grant update (grond) on vervroegde_vernietiging to signaalhub_sleutelhouder;
grant select, update on sequence vervroegde_vernietiging_volgnummer_seq to signaalhub_sleutelhouder;
grant select, insert, update on klok to signaalhub_sleutelhouder;
