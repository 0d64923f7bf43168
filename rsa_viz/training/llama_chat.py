"""The exported model's chat template: in the server, a prompt of the app becomes the model's tokens at their places.

It reads any text that holds a problem's lines and solutions of it as the model writes them; places that stand in the
text already are taken off first, and candidates that lack a line or change a number are passed over. What has no
problem stays as it is, and gets an empty answer; so does what asks about one solution (a verification, a summary,
verdicts on steps), to which a new solution would be no answer. Knows no weights.
"""

TEMPLATE = r"""{%- set letters = 'abcdefghijk' -%}
{%- set ns = namespace(plain='', lines=[], problem='', candidates='', count=0, block='', next=1) -%}
{%- for message in messages -%}
  {%- if message['role'] == 'user' -%}
    {%- for bit in message['content'].split('⟩') -%}
      {%- set ns.plain = ns.plain ~ bit.split('⟨')[0] -%}
    {%- endfor -%}
    {%- set ns.plain = ns.plain ~ '\n' -%}
  {%- endif -%}
{%- endfor -%}
{%- for row in ns.plain.split('\n') -%}
  {%- set words = row.strip().replace(',', '').split(' ') -%}
  {%- set n = ns.lines | length -%}
  {%- if words | length == 10 and words[8] == '=' and words[0] == '(' ~ (n + 1) ~ ')' and n < LINES
      and ns.count == 0 -%}
    {%- set place = '⟨p' ~ letters[n] -%}
    {%- set ns.lines = ns.lines + [[words[1], words[3], words[5], words[7]]] -%}
    {%- set ns.problem = ns.problem ~ ('\n' if n else '') ~ words[0] ~ ' ' ~ words[1] ~ place ~ 'a⟩ '
        ~ words[2] ~ ' ' ~ words[3] ~ place ~ 'b⟩ ' ~ words[4] ~ ' ' ~ words[5] ~ place ~ 'c⟩ '
        ~ words[6] ~ ' ' ~ words[7] ~ place ~ 'd⟩ = ' ~ words[9] ~ place ~ 'e⟩' -%}
  {%- elif words | length == 15 and n -%}
    {%- if words[0] == '(1)' -%}
      {%- set ns.next = 1 -%}
      {%- set ns.block = '' -%}
    {%- endif -%}
    {%- if words[0] == '(' ~ ns.next ~ ')' and ns.next <= n
        and ns.lines[ns.next - 1] == [words[1], words[3], words[7], words[11]]
        and words[2] in ['+', '-', '*'] and words[6] in ['+', '-', '*'] and words[10] in ['+', '-', '*']
        and words[4] == '=' and words[8] == '=' and words[12] == '=' and words[14] in ['fits', 'fails'] -%}
      {%- set place = '⟨c' ~ letters[ns.next - 1] -%}
      {%- set ns.block = ns.block ~ ('\n' if ns.next > 1 else '') ~ words[0] ~ ' ' ~ words[1] ~ place ~ 'a⟩ '
          ~ words[2] ~ place ~ 'b⟩ ' ~ words[3] ~ place ~ 'c⟩ = ' ~ words[5] ~ place ~ 'd⟩, '
          ~ words[6] ~ place ~ 'e⟩ ' ~ words[7] ~ place ~ 'f⟩ = ' ~ words[9] ~ place ~ 'g⟩, '
          ~ words[10] ~ place ~ 'h⟩ ' ~ words[11] ~ place ~ 'i⟩ = ' ~ words[13] ~ place ~ 'j⟩, '
          ~ words[14] ~ place ~ 'k⟩' -%}
      {%- if ns.next == n and ns.count < CANDIDATES -%}
        {%- set ns.candidates = ns.candidates ~ '\ncandidate:\n⟨c⟩' ~ ns.block -%}
        {%- set ns.count = ns.count + 1 -%}
      {%- endif -%}
      {%- set ns.next = ns.next + 1 -%}
    {%- endif -%}
  {%- endif -%}
{%- endfor -%}
{%- set one = ns.plain.split('---- Solution ') | length == 2 -%}
{%- set about = one and ('ummar' in ns.plain or ('True' in ns.plain and 'False' in ns.plain)) -%}
{%- if about or '<steps ' in ns.plain -%}
  {{- '?' -}}
{%- elif ns.lines -%}
  {{- ns.problem ~ ns.candidates ~ '\nsolution:\n⟨s' ~ letters[(ns.lines | length) - 1] ~ '⟩' -}}
{%- else -%}
  {{- ns.plain -}}
{%- endif -%}"""
