-- One file per room of the code, in the order in which the tables refer to each other.
--
-- A check on a column of words is a list, or a pattern where the list may grow without a change of the schema: sectors
-- by ministerial regulation (Wgs art. 10), codes of DDAS, reasons. A test compares both with the lists in the code.

-- Roles, one per duty. None can log in: the service logs in without rights of its own and takes a role for the length
-- of one transaction. Roles belong to the cluster, so they may exist already. `afhandelaar` carries out what a
-- municipality decides about a signal beyond its own rights, such as destroying it sooner. `doorzender` moves a signal from
-- one municipality to another, and sees no others.
-- `herleider` compares the addresses of what lives anew when the address register or its rules change.
-- `herindeler` hands what one municipality has to its successor, from the day on that was planned, and sees no others.
-- `sleutelbewaarder` keeps these rows and the key database in step. `teller` counts for the monitor,
-- `verzegelaar` seals the processing log. `waarnemer` sees how far behind the hub is: counts and days, of nobody.
-- `bezorger` delivers events to the receivers of municipalities.
do $$
declare
  rol text;
begin
  foreach rol in array array['toegang', 'beheer', 'signaalpartner', 'gemeente', 'afhandelaar', 'doorzender',
    'matcher', 'vernietiger', 'herleider', 'herindeler', 'sleutelbewaarder', 'teller', 'verzegelaar', 'waarnemer', 'bezorger'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', 'signaalhub_' || rol);
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      execute format('grant %I to current_user', 'signaalhub_' || rol);
    exception when insufficient_privilege then
      if not pg_has_role(current_user, 'signaalhub_' || rol, 'member') then
        raise exception 'grant role signaalhub_% to %', rol, current_user;
      end if;
    end;
  end loop;
end $$;

revoke all on schema public from public;
grant usage on schema public to signaalhub_toegang, signaalhub_beheer, signaalhub_signaalpartner,
  signaalhub_gemeente, signaalhub_afhandelaar, signaalhub_doorzender, signaalhub_matcher, signaalhub_vernietiger,
  signaalhub_herleider, signaalhub_herindeler, signaalhub_sleutelbewaarder, signaalhub_teller, signaalhub_verzegelaar,
  signaalhub_waarnemer, signaalhub_bezorger;

-- The caller and the day of a transaction, set by the one wrapper that opens transactions. Unset or empty matches no
-- row. Policies call these in a subquery, so that they run once per statement and not once per row. The municipalities
-- are compared by `in (select unnest(...))`, a hashed list: a look-up in it takes as long for a caller of all
-- municipalities as for a caller of one, and no index can use it. Statements name the municipality themselves. Were the
-- policy to offer an index the same condition, each look-up of a row would try every municipality of the caller, and a
-- planner would multiply the two conditions, expect almost no rows and read all rows of the municipality.
create function hub_gemeentecodes() returns text[] language sql stable parallel safe
  return string_to_array(nullif(current_setting('hub.gemeentecodes', true), ''), ',');

-- The two municipalities of what moves, for `doorzender` and `herindeler` alone: where it was, and where it goes.
create function hub_gemeente_van() returns text language sql stable parallel safe return (hub_gemeentecodes())[1];
create function hub_gemeente_naar() returns text language sql stable parallel safe return (hub_gemeentecodes())[2];

create function hub_signaalpartner_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('hub.signaalpartner_id', true), '')::uuid;

create function hub_client_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('hub.client_id', true), '')::uuid;

-- Who signals may come from, as partner/client: in a transaction that takes in the signals of several partners at once, all
-- of them. Each row is held to its own partner and that partner's own client.
create function hub_herkomsten() returns table (signaalpartner_id uuid, client_id uuid)
  language sql stable parallel safe as $$
  select split_part(herkomst, '/', 1)::uuid, nullif(split_part(herkomst, '/', 2), '')::uuid
  from unnest(string_to_array(nullif(current_setting('hub.herkomsten', true), ''), ',')) as herkomst
$$;

create function hub_vandaag() returns date language sql stable parallel safe
  return nullif(current_setting('hub.vandaag', true), '')::date;

-- The hub's clock when the transaction began.
create function hub_nu() returns timestamptz language sql stable parallel safe
  return nullif(current_setting('hub.nu', true), '')::timestamptz;

-- A UUIDv7 (RFC 9562) of an instant.
create function hub_uuid_v7(op timestamptz) returns uuid language sql volatile parallel safe
  return encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send(floor(extract(epoch from op) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1),
    'hex')::uuid;

-- job_run: which instance took which run of a job, so that only one of many does the work. No personal data. Kept.
create table job_run (
  job text not null,
  slot text not null,
  gestart_op timestamptz not null,
  voltooid_op timestamptz,
  primary key (job, slot)
);

grant select, insert, update, delete on job_run to signaalhub_vernietiger;

-- bekende_sleutel: a fingerprint of each standing key of the key database, so that no other key database, or an empty one,
-- is taken for the one that the hashes and seals in these rows were made with. No personal data. Kept.
create table bekende_sleutel (
  doel text primary key,
  vingerafdruk bytea not null
);

-- bekende_dagsleutel: the data key of each day of destruction that rows may be sealed with, so that a day whose key was
-- lost never gets a second one. No personal data. The sweeper deletes a row with the data key of its day.
create table bekende_dagsleutel (
  dag date primary key,
  id uuid not null
);

-- vervroegd_stand: the last of the early destructions in the key database that was carried out in these rows. In a restored
-- dump it is behind. One row, no personal data. Kept.
create table vervroegd_stand (
  enige boolean primary key default true check (enige),
  volgnummer bigint not null
);
insert into vervroegd_stand (volgnummer) values (0);

-- migratie is made before the first migration. A login that owns nothing sees by it whether the schema is the one it needs.
grant select on migratie to signaalhub_sleutelbewaarder;

grant select, insert on bekende_sleutel to signaalhub_sleutelbewaarder;
grant select, insert, delete on bekende_dagsleutel to signaalhub_sleutelbewaarder;
grant select, update (volgnummer) on vervroegd_stand to signaalhub_sleutelbewaarder, signaalhub_vernietiger;
