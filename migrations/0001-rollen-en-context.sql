-- Roles, one per duty, none of which can log in: the service logs in without rights of its own and takes a
-- role for the length of one transaction. Roles belong to the cluster, so they may exist already.
do $$
declare
  rol text;
begin
  foreach rol in array array['toegang', 'beheer', 'signaalpartner', 'gemeente', 'matcher', 'vernietiger'] loop
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
  signaalhub_gemeente, signaalhub_matcher, signaalhub_vernietiger;

-- Who is asking, and on which day: set per transaction by the one wrapper. Unset or empty matches no row.
create function hub_gemeentecodes() returns text[] language sql stable parallel safe
  return string_to_array(nullif(current_setting('hub.gemeentecodes', true), ''), ',');

create function hub_signaalpartner_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('hub.signaalpartner_id', true), '')::uuid;

create function hub_client_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('hub.client_id', true), '')::uuid;

create function hub_vandaag() returns date language sql stable parallel safe
  return nullif(current_setting('hub.vandaag', true), '')::date;
