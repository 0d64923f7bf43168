"""The sandbox against programs that want out: each attack runs for real and must fail. The filter, by its own table."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import socket
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rsa_viz.tasks.sandbox import Confined, Ending, Limits, run_confined, sandbox_available
from rsa_viz.tasks.sandbox.filter import call_filter

confined = pytest.mark.skipif(
    sandbox_available() is not None and not os.environ.get("CI"), reason=sandbox_available() or "there is a sandbox"
)
PATIENT = 60.0  # seconds on the clock: room for a busy machine


def run(source: str, stdin: str = "", *, seconds: int = 5, clock_s: float = PATIENT, **more: int) -> Confined:
    return run_confined(source, stdin=stdin, limits=Limits(seconds=seconds, clock_s=clock_s, **more))


def said(source: str, stdin: str = "", **more: int) -> str:
    """What a program prints that must end well."""
    ended = run(source, stdin, **more)
    assert (ended.ending, ended.exit, ended.why) == (Ending.EXITED, 0, ""), ended
    return ended.stdout


def tried(*attempts: str, **more: int) -> list[str]:
    """The error with which each attempt fails, or ``done``."""
    lines = ["import ctypes, os, subprocess, sys, threading, time, mmap, socket", "from pathlib import Path"]
    for attempt in attempts:
        lines += ["try:", f"    {attempt}", "    print('done')"]
        lines += ["except BaseException as error:", "    print(type(error).__name__)"]
    return said("\n".join(lines), **more).split()


@confined
def test_a_program_gets_its_input_and_is_heard() -> None:
    ended = run(
        "import sys\ntext = sys.stdin.read()\nprint(len(text), 'ä∂')\nprint('aside', file=sys.stderr)", "x" * 10**6
    )
    assert (ended.stdout, ended.stderr, ended.exit, ended.why) == ("1000000 ä∂\n", "aside\n", 0, "")
    assert not ended.timed_out


@confined
@pytest.mark.parametrize(
    ("source", "status", "why"),
    [
        ("raise SystemExit(3)", 3, "it ended with exit status 3"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero"),
        ("1 +", 1, "SyntaxError: invalid syntax"),
        ("x = '\0'", 1, "SyntaxError: source code string cannot contain null bytes"),
        ("exit('\\x1b[2J\\u202e!')", 1, "�[2J�!"),
        ("import os; os.abort()", 134, "it ended by SIGABRT"),
        ("quit()", 0, ""),
        ("if __name__ == '__main__': exit(4)", 4, "it ended with exit status 4"),
    ],
)
def test_a_program_that_fails_says_how(source: str, status: int, why: str) -> None:
    ended = run(source)
    assert (ended.ending, ended.exit) == (Ending.EXITED, status)
    assert ended.why.replace("ValueError", "SyntaxError") == why  # Python 3.11 says the former of null bytes


@confined
def test_input_that_nobody_reads_and_odd_characters_hang_nothing() -> None:
    assert (
        run("import sys; sys.stdin.close(); print('x\\ud800'.encode('utf-8', 'replace'))", "y\ud800" * 10**6).exit == 0
    )
    assert run("import os; os.write(1, b'\\xff')").stdout == "�"


@confined
def test_no_file_of_the_host_can_be_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key to everything")
    paths = [str(secret), __file__, "/etc/passwd", "/etc/hostname", str(Path.home() / ".bashrc"), "/proc/self/environ"]
    assert tried(*(f"open({path!r})" for path in paths)) == ["FileNotFoundError"] * len(paths)
    roots = said("import os; print(*sorted(os.listdir('/')))").split()
    allowed = {"dev", "etc", "lib", "lib32", "lib64", "program.py", "usr", Path(sys.base_prefix).parts[1]}
    assert set(roots) <= allowed
    assert "proc" not in roots


@confined
def test_nothing_of_the_host_can_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    names = [str(tmp_path / "x"), "/usr/lib/x", "/dev/x", "/dev/shm/x", "/x", "/program.py", os.__file__, "/tmp/x"]
    assert "done" not in tried(*(f"open({name!r}, 'w')" for name in names), f"os.unlink({os.__file__!r})")
    assert list(tmp_path.iterdir()) == []


@confined
def test_there_is_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        attempts = tried(
            f"socket.create_connection(('127.0.0.1', {port}), 2)",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
            "socket.socket(socket.AF_UNIX)",
            "socket.getaddrinfo('localhost', 80)",
        )
        assert "done" not in attempts
        with pytest.raises(TimeoutError):
            server.accept()
    names = (  # asked through a pair of sockets, which the filter of system calls lets pass
        "import fcntl, socket, struct\npair, _ = socket.socketpair()\nfound = []\n"
        "for index in range(1, 50):\n"
        "    asked = struct.pack('16si20x', b'', index)\n"
        "    try: found.append(fcntl.ioctl(pair, 0x8910, asked)[:16].strip(b'\\0').decode())\n"
        "    except OSError: pass\n"
        "print(found)"
    )
    assert said(names) == "['lo']\n"


@confined
def test_no_process_can_be_started_so_there_is_no_fork_bomb_and_no_daemon() -> None:
    assert (
        tried(
            "os.fork()",
            "os.posix_spawn(sys.executable, [sys.executable], {})",
            "subprocess.run([sys.executable])",
            "os.forkpty()",
        )
        == ["PermissionError"] * 4
    )
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    assert run(bomb, seconds=1).ending is Ending.PROCESSOR


@confined
def test_threads_work_and_a_thread_bomb_ends() -> None:
    assert said("import threading\nt = threading.Thread(target=print, args=(1,)); t.start(); t.join()") == "1\n"
    bomb = (
        "import os, threading, time\ncount = 0\n"
        "try:\n    while True:\n"
        "        threading.Thread(target=time.sleep, args=(99,), daemon=True).start(); count += 1\n"
        "except (RuntimeError, MemoryError):\n    os.write(1, str(count).encode()); os._exit(0)"
    )
    ended = run(bomb, seconds=2, memory=256 * 1024 * 1024, threads=8)
    assert ended.ending in {Ending.EXITED, Ending.PROCESSOR}
    if os.getuid() != 0:
        assert ended.stdout == "7"


@confined
def test_when_time_is_up_nothing_is_left_running() -> None:
    mark = 1_000_000_000 + os.getpid()  # bytes, and as an argument the mark of this one program
    ended = run("import os, time\nos.close(1); os.close(2)\ntime.sleep(999)", clock_s=0.7, memory=mark)
    assert (ended.ending, ended.exit, ended.timed_out) == (Ending.CLOCK, None, True)
    deadline = time.monotonic() + 10

    def left() -> list[str]:
        return [
            path.parent.name
            for path in Path("/proc").glob("[0-9]*/cmdline")
            if str(mark).encode() in _content(path) and path.parent.name != str(os.getpid())
        ]

    while left():
        assert time.monotonic() < deadline, "the confined program outlived its end"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@confined
def test_the_environment_of_the_caller_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    out = said(
        "import ctypes, glob, os\nprint(dict(os.environ))\n"
        "print([open(name, 'rb').read() for name in glob.glob('/proc/*/environ')])\n"
        "print(ctypes.CDLL(None).getenv(b'OPENAI_API_KEY'))"
    )
    assert "secret" not in out
    assert set(said("import os; print(*os.environ)").split()) <= {"LANG", "LC_CTYPE", "PWD", "PYTHONHASHSEED"}


@confined
def test_a_memory_bomb_meets_its_limit() -> None:
    assert run("x = []\nwhile True: x.append(bytearray(10**7))", memory=300 * 1024 * 1024).why == "MemoryError"
    assert tried(
        "bytearray(2**30)",
        "mmap.mmap(-1, 2**30)",
        "os.memfd_create('x')",
        "assert ctypes.CDLL(None).shmget(0, 2**20, 0o1600) != -1",
        "assert ctypes.CDLL(None).msgget(0, 0o1600) != -1",
        memory=512 * 1024 * 1024,
    ) == ["MemoryError", "OSError", "PermissionError", "AssertionError", "AssertionError"]


@confined
def test_an_output_flood_is_cut_off() -> None:
    ended = run("while True: print('x' * 1000)", output=5_000)
    assert (ended.ending, ended.exit, len(ended.stdout)) == (Ending.OUTPUT, None, 5_000)
    ended = run("import sys\nfor _ in range(2000): sys.stderr.write('y' * 1000)\nsys.exit('\\nthe end')")
    assert len(ended.stderr) <= 16 * 1024
    assert ended.why == "the end"


@confined
@pytest.mark.parametrize(
    "loop",
    [
        "while True: pass",
        "9 ** 9 ** 9 ** 9",
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
    ],
)
def test_an_endless_loop_ends_with_its_processor_time(loop: str) -> None:
    ended = run(loop, seconds=1)
    assert (ended.ending, ended.timed_out) == (Ending.PROCESSOR, True)
    assert ended.why == "it used up its 1 s of processor time"


@confined
def test_a_flood_of_files_finds_no_place_and_a_granted_folder_is_small() -> None:
    everywhere = (
        "import os\nmade = 0\n"
        "for folder, _, _ in os.walk('/'):\n"
        "    try: open(folder + '/x', 'w'); made += 1\n"
        "    except OSError: pass\n"
        "print(made)"
    )
    assert said(everywhere) == "0\n"
    full = "try:\n    for i in range(99): open(f'{i}', 'wb', 0).write(b'x' * 100_000)\nexcept OSError: print(i)"
    assert 1 < int(said(full, folder=1024 * 1024)) < 12
    big = "import os\nwith open('x', 'wb', 0) as file:\n    print(file.write(b'x' * 200_000))\n    file.write(b'x')"
    assert run(big, folder=100_000).exit == 1
    assert tried("os.ftruncate(os.open('x', os.O_CREAT | os.O_WRONLY), 10**6)", folder=100_000) == ["OSError"]
    assert tried("open('/x', 'w')", "Path('/tmp/x').write_text('y')", folder=100_000) == ["OSError", "done"]
    assert tried("[open('/dev/null') for _ in range(99)]", open_files=16) == ["OSError"]


@confined
def test_killing_the_parent_or_everybody_hurts_only_itself() -> None:
    for whom in ("os.getppid()", "1", "-1", "0"):
        ended = run(f"import os\nos.kill({whom}, 9)\nprint('alive')")
        assert ended.ending in {Ending.EXITED, Ending.KILLED}
    assert run("import os\nos.kill(os.getpid(), 9)").ending is Ending.KILLED
    assert tried(f"os.kill({os.getpid()}, 0)") == ["ProcessLookupError"]
    assert said("print(1)") == "1\n"


@confined
def test_there_are_no_privileges_and_no_foreign_descriptors() -> None:
    assert said("import os; print(os.getuid(), os.getgid(), os.getresuid(), os.uname().nodename)").split() == [
        *("65534", "65534", "(65534,", "65534,", "65534)", "sandbox"),
    ]
    open_ones = "import os\nfor fd in range(64):\n    try: os.fstat(fd)\n    except OSError: continue\n    print(fd)"
    assert said(open_ones).split() == ["0", "1", "2"]
    assert "done" not in tried(
        "os.setuid(0)",
        "os.chroot('/usr')",
        "os.setresuid(0, 0, 0)",
        "assert ctypes.CDLL(None).unshare(0x10000000) != -1",
        "assert ctypes.CDLL(None).mount(b'none', b'/dev', b'tmpfs', 0, None) != -1",
        "assert ctypes.CDLL(None).ptrace(0, 0, 0, 0) != -1",
        "__import__('resource').setrlimit(__import__('resource').RLIMIT_AS, (-1, -1))",
    )


@confined
@pytest.mark.skipif(platform.machine() != "x86_64", reason="machine code for x86-64")
def test_calls_by_the_way_of_32_bit_programs_are_no_way_around_the_filter() -> None:
    fork = r"\xb8\x02\x00\x00\x00\xcd\x80\xc3"  # mov eax, 2 (fork); int 0x80; ret
    source = (
        "import ctypes, mmap\n"
        "page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        f"page.write(b'{fork}')\n"
        "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()\nprint('alive')"
    )
    ended = run(source)
    assert ended.stdout == ""
    assert (ended.exit or 0) > 128


@confined
def test_only_the_standard_library_and_granted_packages_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "granted.py").write_text("VALUE = 7")
    assert tried("import pytest", "import granted") == ["ModuleNotFoundError", "ModuleNotFoundError"]
    ended = run_confined("import granted, sys; print(granted.VALUE, sys.argv)", packages=[tmp_path])
    assert ended.stdout == "7 ['/program.py']\n"


@confined
def test_sets_come_in_the_same_order_in_every_run() -> None:
    assert said("print({'a', 'b', 'c', 'd', 'e'})") == said("print({'a', 'b', 'c', 'd', 'e'})")


@confined
def test_programs_run_from_many_threads_at_once() -> None:
    with ThreadPoolExecutor(6) as pool:
        ended = list(pool.map(lambda n: run(f"print({n} * int(input()))", "3"), range(12)))
    assert [one.stdout for one in ended] == [f"{n * 3}\n" for n in range(12)]


def test_without_bubblewrap_nothing_runs_and_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    ended = run("print(1)")
    assert (ended.ending, ended.exit, ended.stdout) == (Ending.REFUSED, None, "")
    assert ended.why == sandbox_available()
    assert "apt install bubblewrap" in ended.why


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_a_bubblewrap_that_may_not_confine_is_told_with_its_own_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(fake))
    why = run("print(1)").why
    assert "bwrap: setting up uid map: Permission denied" in why
    assert "user namespaces" in why
    fake.write_text("#!/bin/sh\necho '65534 5'\nexit 0\n")
    assert sandbox_available() is not None, "a program that only talks like one is no sandbox"
    fake.chmod(0o644)
    assert "could not be started" in (sandbox_available() or "")


@pytest.mark.parametrize(("system", "machine", "says"), [("darwin", "arm64", "Linux"), ("linux", "riscv64", "x86-64")])
def test_other_systems_are_refused(monkeypatch: pytest.MonkeyPatch, system: str, machine: str, says: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
    call_filter.cache_clear()
    assert says in (sandbox_available() or "")
    call_filter.cache_clear()


ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS


@pytest.mark.parametrize(
    ("machine", "architecture", "call", "flags", "outcome"),
    [
        ("x86_64", 0xC000003E, 0, 0, ALLOW),  # read
        ("x86_64", 0xC000003E, 59, 0, ALLOW),  # execve: the program itself must be started
        ("x86_64", 0xC000003E, 57, 0, EPERM),  # fork
        ("x86_64", 0xC000003E, 58, 0, EPERM),  # vfork
        ("x86_64", 0xC000003E, 56, 17, EPERM),  # clone of a process
        ("x86_64", 0xC000003E, 56, 0x3D0F00, ALLOW),  # clone of a thread, as glibc has it
        ("x86_64", 0xC000003E, 435, 0, ENOSYS),  # clone3
        ("x86_64", 0xC000003E, 41, 0, EPERM),  # socket
        ("x86_64", 0xC000003E, 53, 0, ALLOW),  # socketpair: asyncio needs it
        ("x86_64", 0xC000003E, 29, 0, EPERM),  # shmget
        ("x86_64", 0xC000003E, 0x40000000 + 57, 0, KILL),  # the x32 calls
        ("x86_64", 0x40000003, 2, 0, KILL),  # i386
        ("x86_64", 0xC00000B7, 63, 0, KILL),
        ("aarch64", 0xC00000B7, 63, 0, ALLOW),  # read
        ("aarch64", 0xC00000B7, 220, 17, EPERM),  # clone of a process
        ("aarch64", 0xC00000B7, 220, 0x3D0F00, ALLOW),
        ("aarch64", 0xC00000B7, 435, 0, ENOSYS),
        ("aarch64", 0xC00000B7, 198, 0, EPERM),  # socket
        ("aarch64", 0xC00000B7, 57, 0, ALLOW),  # close, whose number is fork's on x86-64
        ("aarch64", 0xC000003E, 0, 0, KILL),
    ],
)
def test_the_filter_decides_by_machine_call_and_flags(
    machine: str, architecture: int, call: int, flags: int, outcome: int
) -> None:
    assert _decide(call_filter(machine) or b"", struct.pack("=IIQQ", call, architecture, 0, flags)) == outcome


def test_a_machine_whose_calls_are_unknown_has_no_filter() -> None:
    assert call_filter("riscv64") is None


def _decide(program: bytes, data: bytes) -> int:
    """Classic BPF as Linux runs it, as far as the filter uses it."""
    code = list(struct.iter_unpack("=HBBI", program))
    at = value = 0
    while True:
        operation, if_true, if_false, operand = code[at]
        at += 1
        match operation:
            case 0x20:
                (value,) = struct.unpack_from("=I", data, operand)
            case 0x15:
                at += if_true if value == operand else if_false
            case 0x35:
                at += if_true if value >= operand else if_false
            case 0x45:
                at += if_true if value & operand else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(operation)
