"""A Slurm cluster of three emulated nodes on this machine, for tests: private folders, loopback ports, no root.

Slurm's FAQ ("Can Slurm emulate a larger cluster?") describes several slurmd on one machine.
"""
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

NODES = 3
PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo")

CONFIGURATION = """\
ClusterName=evalzip
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={control_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={root}/munge/munge.socket,cred_expire=5
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool/%n
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd-%n.pid
SlurmctldLogFile={root}/log/slurmctld.log
SlurmdLogFile={root}/log/slurmd-%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MaxArraySize=1001
MinJobAge=300
KillWait=2
NodeName=n[1-{nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first_port}-{last_port}] CPUs=1 RealMemory=8000
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def with_administrators_programs(path):
    return path + ":/usr/sbin:/sbin"


def missing_programs():
    path = with_administrators_programs(os.environ["PATH"])
    return [name for name in PROGRAMS if shutil.which(name, path=path) is None]


def free_ports(count):
    """`count` ports in a row that nobody listens on."""
    for first in range(26800 + os.getpid() % 500 * 10, 65000, 10):
        sockets = []
        try:
            for port in range(first, first + count):
                sockets.append(socket.socket())
                sockets[-1].bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
    raise RuntimeError("no free ports")


class Cluster:
    """Starts it; stop() ends every daemon by its own pid."""

    def __init__(self, root):
        self.root = Path(root)
        self.environment = dict(os.environ, PATH=with_administrators_programs(os.environ["PATH"]),
                                SLURM_CONF=str(self.root / "slurm.conf"))
        for name in ("munge", "state", "spool", "log"):
            (self.root / name).mkdir()
        for folder in (self.root, self.root / "munge"):  # munged asks that its socket can be reached
            folder.chmod(0o711)
        (self.root / "log").chmod(0o700)
        first = free_ports(NODES + 1)
        (self.root / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], user=getpass.getuser(), root=self.root, nodes=NODES,
            control_port=first, first_port=first + 1, last_port=first + NODES))
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def command(self, *words, check=True):
        done = subprocess.run(words, env=self.environment, text=True, capture_output=True, timeout=60)
        if check and done.returncode != 0:
            raise RuntimeError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def _start(self):
        munge = self.root / "munge"
        self.command("mungekey", "--create", f"--keyfile={munge}/munge.key")
        self.command("munged", f"--key-file={munge}/munge.key", f"--socket={munge}/munge.socket",
                     f"--pid-file={munge}/munged.pid", f"--log-file={self.root}/log/munged.log",
                     f"--seed-file={munge}/munged.seed")
        self.command("slurmctld", "-c", "-f", self.environment["SLURM_CONF"])
        for node in range(1, NODES + 1):
            self.start_node(f"n{node}")
        self.wait_until(lambda: self.command("sinfo", "-h", "-N", "-o", "%T", check=False).split() == ["idle"] * NODES,
                        "all nodes are idle", 60)

    def start_node(self, name):
        self.command("slurmd", "-c", "-N", name, "-f", self.environment["SLURM_CONF"])

    def wait_until(self, condition, what, seconds):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                log = (self.root / "log" / "slurmctld.log").read_text()[-3000:]
                raise RuntimeError(f"not within {seconds} s: {what}\n{log}")
            time.sleep(0.2)

    def queue(self):
        """(name, task, state, node) of every task that waits or runs."""
        lines = self.command("squeue", "-h", "-r", "-o", "%j|%K|%T|%N", check=False).splitlines()
        return [tuple(line.split("|")) for line in lines]

    def pid_files(self):
        return [*self.root.glob("slurmd-*.pid"), self.root / "slurmctld.pid", self.root / "munge" / "munged.pid"]

    def stop(self):
        """Returns the pids of daemons that did not end."""
        pids = []
        for file in self.pid_files():
            if file.exists():
                pids.append(int(file.read_text()))
                try:
                    os.kill(pids[-1], signal.SIGTERM)
                except ProcessLookupError:
                    pids.pop()  # it had ended by itself
        end = time.monotonic() + 20
        while pids and time.monotonic() < end:
            pids = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
            time.sleep(0.1)
        return pids
