"""The bundled programming problems, of our own composing, with tests and a worked solution each. Runs nothing."""

from __future__ import annotations

from functools import cache

from ..core.problem import Problem

_COINS = """\
Mia keeps a row of coin jars. The first line of the input holds the number of jars n (1 <= n <= 1000), the
second line n whole numbers, the coins in jars 1 to n. She empties every third jar: jars 3, 6, 9 and so on.
Print how many coins she takes out.
"""
_COINS_SOLUTION = """n = int(input())
jars = list(map(int, input().split()))
print(sum(jars[2::3]))
"""

_RUN = """\
A weather log is a string with one letter a day, for example "ssrrrc". Write a function longest_spell(log) that
returns the length of the longest stretch of equal letters in a row, and 0 for an empty log.
"""
_RUN_SOLUTION = """def longest_spell(log):
    best = length = 0
    before = None
    for letter in log:
        length = length + 1 if letter == before else 1
        before = letter
        best = max(best, length)
    return best
"""

_ROBOT = """\
A robot stands at (0, 0) on an endless grid and faces north (towards growing y). Each line of the input is one
command: "F k" goes k fields forward, "B k" goes k fields back without turning, "L" and "R" turn by 90 degrees
to the left or right. The line "END" is the last. Print the two coordinates x and y where the robot stops, and
then the largest distance |x| + |y| from the start that it had after any command, separated by blanks.
"""
_ROBOT_SOLUTION = """x = y = farthest = 0
dx, dy = 0, 1
while (line := input().strip()) != "END":
    if line == "L":
        dx, dy = -dy, dx
    elif line == "R":
        dx, dy = dy, -dx
    else:
        command, k = line.split()
        k = int(k) if command == "F" else -int(k)
        x, y = x + k * dx, y + k * dy
        farthest = max(farthest, abs(x) + abs(y))
print(x, y, farthest)
"""

_SHIFTS = """\
Guards watch a gate in shifts. A shift [a, b] covers the minutes a, a+1, ..., b-1. Shifts may overlap, come in
any order, and be empty (a = b). Write a function unwatched(shifts, start, end) that returns the longest stretch
of minutes in a row, all of them from start to end-1, in which nobody watches. Return 0 if every minute is
watched. Times are whole numbers from 0 to 10**9, there are up to 10**5 shifts, and start <= end.
"""
_SHIFTS_SOLUTION = """def unwatched(shifts, start, end):
    longest, watched_until = 0, start
    for a, b in sorted(shifts):
        if a < b:
            longest = max(longest, min(a, end) - watched_until)
            watched_until = max(watched_until, b)
    return max(longest, end - watched_until, 0)
"""

_BOATS = """\
Two boats cross a lake. The first line of the input holds n (1 <= n <= 100), the second n whole numbers, the
weights of n crates (1 to 500 each). Every crate goes into one of the boats. Print the smallest possible
difference between the loads of the two boats.
"""
_BOATS_SOLUTION = """n = int(input())
weights = list(map(int, input().split()))
reachable = 1
for weight in weights:
    reachable |= reachable << weight
total = sum(weights)
print(min(abs(total - 2 * load) for load in range(total + 1) if reachable >> load & 1))
"""

_LANTERNS = """\
A street has n lanterns in a row, each on or off. Neighbours complain when k lanterns in a row are all on. Given
n and k on one line (1 <= k <= n <= 200000), print in how many ways the lanterns can be set without a complaint,
modulo 1000000007.
"""
_LANTERNS_SOLUTION = """n, k = map(int, input().split())
M = 1000000007
# ways[i]: settings of i lanterns with no k in a row on, and a lantern that is off behind them.
# Doubling counts both states of the last lantern; those that complete k in a row for the first time are taken away.
ways = [1] + [0] * n
for i in range(1, n + 1):
    if i < k:
        ways[i] = ways[i - 1] * 2 % M
    elif i == k:
        ways[i] = (ways[i - 1] * 2 - 1) % M
    else:
        ways[i] = (ways[i - 1] * 2 - ways[i - k - 1]) % M
print(ways[n])
"""

_VOUCHERS = """\
Towns are numbered 0 to n-1. A road [a, b, price] can be used in both directions. You hold v vouchers; a voucher
makes one use of one road free. Write a function cheapest(n, roads, v, start, goal) that returns the lowest
total price of a journey from start to goal, or -1 if there is none. n is up to 2000, there are up to 5000
roads, v is up to 5, prices are whole numbers from 0 to 10**6.
"""
_VOUCHERS_SOLUTION = """import heapq

def cheapest(n, roads, v, start, goal):
    neighbours = [[] for _ in range(n)]
    for a, b, price in roads:
        neighbours[a].append((b, price))
        neighbours[b].append((a, price))
    best = {(start, v): 0}
    queue = [(0, start, v)]
    while queue:
        paid, town, left = heapq.heappop(queue)
        if town == goal:
            return paid
        if paid > best[town, left]:
            continue
        for other, price in neighbours[town]:
            for cost, remaining in ((paid + price, left), (paid, left - 1)):
                if remaining >= 0 and cost < best.get((other, remaining), float("inf")):
                    best[other, remaining] = cost
                    heapq.heappush(queue, (cost, other, remaining))
    return -1
"""

_RING = """\
A museum has m rooms in a ring (3 <= m <= 12); room i has doors to rooms i-1 and i+1, and rooms m-1 and 0 are
neighbours too. Each minute a visitor walks through a door or stays where she is, but she never stays two
minutes in a row. Given m and n on one line (0 <= n <= 10**15), print the number of different walks of n minutes
that begin and end in room 0, modulo 998244353.
"""
_RING_SOLUTION = """M = 998244353
m, n = map(int, input().split())
size = 2 * m  # state 2 * room + (1 if she has just stayed)
step = [[0] * size for _ in range(size)]
for room in range(m):
    for stayed in (0, 1):
        for other in ((room + 1) % m, (room - 1) % m):
            step[2 * room + stayed][2 * other] += 1
        if not stayed:
            step[2 * room][2 * room + 1] += 1

def times(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) % M for column in columns] for row in a]

walks = [[int(state == 0) for state in range(size)]]
while n:
    if n & 1:
        walks = times(walks, step)
    step = times(step, step)
    n >>= 1
print((walks[0][0] + walks[0][1]) % M)
"""


def _stdin(*pairs: tuple[str, str]) -> list[dict[str, object]]:
    return [{"input": given, "output": expected} for given, expected in pairs]


def _calls(function: str, *rows: tuple[list[object], object]) -> list[dict[str, object]]:
    return [{"function": function, "arguments": arguments, "result": result} for arguments, result in rows]


@cache
def bundled() -> tuple[Problem, ...]:
    """The bundled problems, easiest first."""
    rows: tuple[tuple[str, str, str, list[dict[str, object]]], ...] = (
        (
            "Every third jar",
            _COINS,
            _COINS_SOLUTION,
            _stdin(
                ("6\n1 2 3 4 5 6\n", "9\n"),
                ("2\n5 5\n", "0\n"),
                ("1\n9\n", "0\n"),
                ("3\n0 0 7\n", "7\n"),
                ("10\n1 1 1 1 1 1 1 1 1 1\n", "3\n"),
            ),
        ),
        (
            "The longest spell of weather",
            _RUN,
            _RUN_SOLUTION,
            _calls(
                "longest_spell",
                (["ssrrrc"], 3),
                ([""], 0),
                (["r"], 1),
                (["srsrsr"], 1),
                (["ccccc"], 5),
                (["rsss"], 3),
                (["rrsrrrr"], 4),
            ),
        ),
        (
            "A robot's walk",
            _ROBOT,
            _ROBOT_SOLUTION,
            _stdin(
                ("F 3\nR\nF 4\nEND\n", "4 3 7\n"),
                ("END\n", "0 0 0\n"),
                ("B 5\nL\nB 2\nEND\n", "2 -5 7\n"),
                ("F 10\nB 10\nEND\n", "0 0 10\n"),
                ("L\nL\nL\nF 6\nL\nF 1\nL\nF 9\nEND\n", "-3 1 7\n"),
                ("R\nR\nF 1000000000\nEND\n", "0 -1000000000 1000000000\n"),
            ),
        ),
        (
            "The unwatched gate",
            _SHIFTS,
            _SHIFTS_SOLUTION,
            _calls(
                "unwatched",
                ([[[2, 4], [7, 9]], 0, 10], 3),
                ([[], 5, 12], 7),
                ([[[0, 10]], 2, 8], 0),
                ([[[6, 9], [0, 3], [2, 4]], 0, 9], 2),
                ([[[0, 9], [2, 3]], 0, 12], 3),
                ([[[4, 4]], 0, 9], 9),
                ([[[20, 30]], 0, 10], 10),
                ([[[0, 2]], 5, 8], 3),
                ([[], 4, 4], 0),
            ),
        ),
        (
            "Two boats",
            _BOATS,
            _BOATS_SOLUTION,
            _stdin(
                ("4\n1 2 3 4\n", "0\n"),
                ("1\n500\n", "500\n"),
                ("5\n8 7 6 5 4\n", "0\n"),
                ("4\n10 1 1 1\n", "7\n"),
                ("5\n3 3 2 2 2\n", "0\n"),
                ("3\n499 500 498\n", "497\n"),
                ("100\n" + "500 " * 99 + "1\n", "499\n"),
            ),
        ),
        (
            "Lanterns without complaint",
            _LANTERNS,
            _LANTERNS_SOLUTION,
            _stdin(
                ("3 2\n", "5\n"),
                ("5 1\n", "1\n"),
                ("4 4\n", "15\n"),
                ("4 3\n", "13\n"),
                ("10 2\n", "144\n"),
                ("200000 17\n", "862588495\n"),
                ("200000 200000\n", f"{(pow(2, 200_000, 1_000_000_007) - 1) % 1_000_000_007}\n"),
            ),
        ),
        (
            "Journey with vouchers",
            _VOUCHERS,
            _VOUCHERS_SOLUTION,
            _calls(
                "cheapest",
                ([3, [[0, 1, 5], [1, 2, 7]], 0, 0, 2], 12),
                ([3, [[0, 1, 5], [1, 2, 7]], 1, 0, 2], 5),
                ([3, [[0, 1, 5], [1, 2, 7]], 2, 0, 2], 0),
                ([3, [[0, 1, 5]], 3, 0, 2], -1),
                ([1, [], 0, 0, 0], 0),
                ([4, [[0, 1, 1], [1, 2, 1], [2, 3, 1], [0, 3, 100]], 0, 0, 3], 3),
                ([4, [[0, 1, 1], [1, 2, 1], [2, 3, 1], [0, 3, 100]], 1, 0, 3], 0),
                ([4, [[0, 1, 9], [1, 3, 9], [0, 2, 4], [2, 3, 12]], 1, 0, 3], 4),
            ),
        ),
        (
            "Walks in a ring of rooms",
            _RING,
            _RING_SOLUTION,
            _stdin(
                ("5 0\n", "1\n"),
                ("5 1\n", "1\n"),
                ("5 2\n", "2\n"),
                ("3 3\n", "8\n"),
                ("3 5\n", "54\n"),
                ("12 9\n", "1336\n"),
                ("12 1000000000000000\n", "327266817\n"),
                ("3 999999999999999\n", "338922273\n"),
            ),
        ),
    )
    return tuple(
        Problem("code", question, None, title, {"tests": tests, "solution": solution})
        for title, question, solution, tests in rows
    )
