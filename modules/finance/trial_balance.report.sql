-- title: Trial balance
-- permission: finance.see_company
-- parameters: to (date, optional)
-- list: finance.journal_line by posted_on:month sum debit, credit
-- where: account_id = account_id, posted_on <= :to
-- hidden: account_id
-- words: asset, liability, equity, income, expense
select a.id as account_id, a.number, a.name as account, a.kind,
       sum(l.debit) as debit, sum(l.credit) as credit, sum(l.debit) - sum(l.credit) as balance
  from finance.account a join finance.journal_line l on l.account_id = a.id
 where :to::date is null or l.posted_on <= :to
 group by a.id, a.number, a.name, a.kind
 order by a.number
