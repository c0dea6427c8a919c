-- Names and texts of rows in other languages. A module says which columns have them; a list, a search
-- and a print then know both. What no module named costs nothing.

-- Columns whose texts are translated. of: the table that they come from, for a view whose id is that
-- table's.
create or replace function kernel_logic.translated(kept text, columns text[], of text default null)
  returns void language sql set search_path = '' as $$
  insert into kernel.setting
  values ('translated:' || kept, jsonb_build_object('of', coalesce(of, kept), 'columns', columns))
  on conflict (name) do update set value = excluded.value
$$;
select kernel_logic.readable('kernel.translation');
select kernel_logic.track('kernel.translation');
grant insert, update (text) on kernel.translation to kontor_app;

-- The table whose translations stand for a column, or nothing.
create or replace function kernel_logic.translations_of(listed regclass, named text) returns text
  language sql stable security definer set search_path = '' as $$
  select value->>'of' from kernel.setting
   where name = 'translated:' || kernel_logic.name_of(listed) and value->'columns' ? named
$$;

-- A column's text in a language, as an expression over that alias; the original where none was written.
create or replace function kernel_logic.in_language(
  listed regclass, alias text, named text, spoken text) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  plain text := format('%I.%I', alias, named);
  kept text := case when spoken is not null then kernel_logic.translations_of(listed, named) end;
begin
  if kept is null then
    return plain;
  end if;
  return format('coalesce((select nullif(t.text, '''') from kernel.translation t where t.table_name = %L
    and t.row_id = %I.id and t.column_name = %L and t.language = %L), %s)', kept, alias, named, spoken, plain);
end $$;

-- The rows whose translation of a column is like a pattern, in whatever language; nothing where
-- the table has none.
create or replace function kernel_logic.translated_like(listed regclass, named text, pattern text, capped text)
  returns text language plpgsql stable security definer set search_path = '' as $$
declare
  kept text := kernel_logic.translations_of(listed, named);
begin
  if kept is null or not exists (select from kernel.translation t where t.table_name = kept) then
    return null;
  end if;
  return format('select t.row_id from kernel.translation t where t.table_name = %L and t.column_name = %L
    and lower(t.text) like %L%s', kept, named, pattern, capped);
end $$;

-- Whether the actor may translate that column of that row: who may change the row.
create or replace function kernel_logic.may_translate(kept text, record uuid, named text) returns boolean
  language sql stable security definer cost 1000 set search_path = '' as $$
  select kernel_logic.translations_of(to_regclass(kept), named) is not distinct from kept
     and kernel_logic.may_change(to_regclass(kept)) and kernel_logic.may_record(kept, record, true)
$$;

-- Writes a text of a row in another language; an empty one gives the original back. Errors:
-- translation_not_possible, not_found.
create or replace function kernel_logic.set_translation(input jsonb) returns kernel.translation
  language plpgsql set search_path = '' as $$
declare
  saved kernel.translation;
begin
  if kernel_logic.translations_of(to_regclass(input->>'table_name'), input->>'column_name')
     is distinct from input->>'table_name' then
    perform kernel_logic.refuse('translation_not_possible',
      jsonb_build_object('table', input->>'table_name', 'column', input->>'column_name'));
  elsif not kernel_logic.may_translate(input->>'table_name', (input->>'row_id')::uuid, input->>'column_name') then
    perform kernel_logic.refuse('not_yours');
  end if;
  insert into kernel.translation as t (table_name, row_id, column_name, language, text)
  values (input->>'table_name', (input->>'row_id')::uuid, input->>'column_name', input->>'language',
          btrim(input->>'text'))
  on conflict (table_name, row_id, column_name, language) do update set text = excluded.text
  returning t.* into saved;
  return saved;
end $$;

comment on constraint translation_language_check on kernel.translation is 'write a language like en or pt-BR';
