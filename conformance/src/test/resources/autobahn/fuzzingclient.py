# SPDX-License-Identifier: Apache-2.0
"""
Runs the fuzzing client of the Autobahn test suite against several servers at once and writes one report.

    jython fuzzingclient.py OUTDIR AGENT=URL...

The suite's own command takes its servers one after the other and idles most of the time, in cases that wait. Here
each server gets a client of its own, and all of them share the suite's one event loop. Python 2.7, as the suite is.
"""
import sys
import threading

# Always the suite's first import: it installs the event loop.
from autobahntestsuite import choosereactor
from autobahntestsuite import fuzzing
from java.lang import Runtime
from twisted.internet import reactor
from twisted.python import log

# Group 9, limits and performance, is left out: it stalls under Jython. LargeMessageTest covers its ground.
CASES = ['1.*', '2.*', '3.*', '4.*', '5.*', '6.*', '7.*', '10.*']


class LastOneStops(object):
    """The event loop, as each client sees it: it stops when the last of them has asked for it."""

    def __init__(self, loop, clients):
        self.loop = loop
        self.clients = clients

    def stop(self):
        self.clients -= 1
        if self.clients == 0:
            self.loop.stop()

    def __getattr__(self, name):
        return getattr(self.loop, name)


class Client(fuzzing.FuzzingClientFactory):
    """The suite's client, but for its report: writing that would hold up the cases that still run elsewhere."""

    def createReports(self):
        pass


def show_error(event):
    """Prints what fails inside the event loop, which otherwise keeps it to itself."""
    if event['isError']:
        print >> sys.stderr, log.textFromEventDict(event)


def end_with_parent():
    """Halts this process when the one that started it has ended, however it ended: that closes our input."""
    sys.stdin.read()
    Runtime.getRuntime().halt(2)


def main(outdir, servers):
    watch = threading.Thread(target=end_with_parent)
    watch.setDaemon(True)
    watch.start()
    log.addObserver(show_error)

    fuzzing.reactor = LastOneStops(reactor, len(servers))
    clients = []
    for agent, url in servers:
        clients.append(Client({
            'outdir': outdir,
            'options': {'failByDrop': False},
            'servers': [{'agent': agent, 'url': url}],
            'cases': CASES,
            'exclude-cases': [],
            'exclude-agent-cases': {}}))
    reactor.run()

    report = fuzzing.FuzzingFactory(outdir)
    for client in clients:
        report.agents.update(client.agents)
        for case, agents in client.cases.items():
            report.cases.setdefault(case, {}).update(agents)
    report.CaseSet = clients[0].CaseSet
    report.createReports()


main(sys.argv[1], [server.split('=', 1) for server in sys.argv[2:]])
