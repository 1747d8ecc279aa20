-- The list of a municipality in the order in which it is shown: a page is read from here, from where the last ended.
drop index huishouden_volgorde;
create index huishouden_volgorde on huishouden (gemeentecode, (not crisis), reactiedatum, id);

-- Whoever reads households names the municipality, and the matcher that of every address it works on. Here it is only
-- held against the caller's own: named once more for the index, a planner multiplies the two and reads all households
-- or signals of the municipality.
alter policy gemeente_lezen on huishouden
  using ((gemeentecode = any ((select hub_gemeentecodes())::text[])) is true
    and laatste_verval > (select hub_vandaag()));
alter policy gemeente_aanduiden on huishouden
  using ((gemeentecode = any ((select hub_gemeentecodes())::text[])) is true
    and laatste_verval > (select hub_vandaag()));
alter policy matcher on huishouden
  using ((gemeentecode = any ((select hub_gemeentecodes())::text[])) is true);
alter policy matcher_lezen on vroegsignaal
  using ((gemeentecode = any ((select hub_gemeentecodes())::text[])) is true
    and vernietigingsdatum > (select hub_vandaag()) and status <> 'ingetrokken');
