"""First steps without any: `python3 run.py demo` runs the shipped case, `python3 run.py test` the tests.

It makes .venv, installs once what requirements.lock names (checked by hash), and needs no network
after that.
"""  # noqa: E501

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
TESTS_START = "# ---- what only the tests need ----\n"
SIZES = {"demo": "180 MB to load, 600 MB", "test": "220 MB to load, 700 MB"}
COMMANDS = {
    "demo": ["-m", "tumen", "run", os.path.join("cases", "dprk-2017-backfill")],
    "test": ["-m", "pytest", "-n", "auto", "--dist", "loadfile"],
}


def install(what):
    """Make .venv and install what the demo or the tests need, unless the stamp says it is there."""
    with open(os.path.join(ROOT, "requirements.lock"), encoding="utf-8") as file:
        whole = file.read()
    lock = whole.split(TESTS_START)[0] if what == "demo" else whole.replace(TESTS_START, "")
    stamp_file = os.path.join(VENV, "tumen-stamp")
    if os.path.exists(stamp_file) and os.path.exists(PYTHON):
        with open(stamp_file, encoding="utf-8") as file:
            if file.read() in (stamp(lock), stamp(whole.replace(TESTS_START, ""))):
                return
    print(f"tumen: making .venv with {lock.count('==')} packages (about {SIZES[what]} on disk) ...")
    sys.stdout.flush()
    uv = shutil.which("uv")
    if uv:
        run(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
        pip = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    else:
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            sys.exit("tumen: this Python makes no virtual environment; install python3-venv or uv")
        run(sys.executable, "-m", "venv", VENV)
        pip = [PYTHON, *"-m pip install --quiet --no-compile --disable-pip-version-check".split()]
    lock_file = os.path.join(VENV, "install.lock")
    with open(lock_file, "w", encoding="utf-8") as file:
        file.write(lock)
    run(*pip, "--require-hashes", "-r", lock_file)
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    with open(stamp_file, "w", encoding="utf-8") as file:
        file.write(stamp(lock))


def stamp(lock):
    """Return what marks an environment as made: packages, Python and place."""
    return hashlib.sha256((lock + sys.version + ROOT).encode()).hexdigest()


def run(*command):
    """Run a step; end with its exit code when it fails."""
    code = subprocess.call(command, cwd=ROOT)
    if code:
        sys.exit(f"tumen: this step failed ({code}): {' '.join(command)}")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit("tumen needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit("use: python3 run.py demo | test [pytest arguments]")
    # Packages are installed without bytecode; unless it is kept, each start compiles them again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        install(sys.argv[1])
        sys.exit(subprocess.call([PYTHON, *COMMANDS[sys.argv[1]], *sys.argv[2:]], cwd=ROOT))
    except KeyboardInterrupt:
        sys.exit(130)
