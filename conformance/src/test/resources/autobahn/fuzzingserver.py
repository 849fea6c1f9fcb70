# SPDX-License-Identifier: Apache-2.0
"""
Runs the fuzzing server of the Autobahn test suite on a free port of the loopback address, until its input ends.

    jython fuzzingserver.py OUTDIR

Prints "listening on PORT" when clients may come. They ask /getCaseCount, run each case as /runCase?case=N&agent=NAME,
and have the report written by /updateReports?agent=NAME. Python 2.7, as the suite is.
"""
import sys
import threading

# Always the suite's first import: it installs the event loop.
from autobahntestsuite import choosereactor
from autobahntestsuite import fuzzing
from java.lang import Runtime
from twisted.internet import reactor
from twisted.python import log

# Group 9, limits and performance, is left out: it stalls under Jython.
CASES = ['1.*', '2.*', '3.*', '4.*', '5.*', '6.*', '7.*', '10.*']


def show_error(event):
    """Prints what fails inside the event loop, which otherwise keeps it to itself."""
    if event['isError']:
        print >> sys.stderr, log.textFromEventDict(event)


def end_with_parent():
    """Halts this process when the one that started it is done or has ended: either closes our input."""
    sys.stdin.read()
    Runtime.getRuntime().halt(0)


def main(outdir):
    watch = threading.Thread(target=end_with_parent)
    watch.setDaemon(True)
    watch.start()
    log.addObserver(show_error)

    factory = fuzzing.FuzzingServerFactory({
        # The port is another, see below.
        'url': 'ws://127.0.0.1:9001',
        'outdir': outdir,
        'options': {'failByDrop': False},
        'cases': CASES,
        'exclude-cases': [],
        'exclude-agent-cases': {}})
    port = reactor.listenTCP(0, factory, interface='127.0.0.1').getHost().port
    # What a client's Host is compared with.
    factory.externalPort = port
    reactor.callWhenRunning(lambda: sys.stdout.write('listening on %d\n' % port))
    reactor.callWhenRunning(sys.stdout.flush)
    reactor.run()


main(sys.argv[1])
