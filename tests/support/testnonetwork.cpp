#include <QTest>

#include <csignal>
#include <cstdlib>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/// What every test of the label "unit" is held to.
class TestNoNetwork : public QObject
{
    Q_OBJECT

    /// How a child ends that makes a socket of this family.
    static int endOf(int family)
    {
        const pid_t child = ::fork();
        if (child == 0) {
            const rlimit none{0, 0};
            ::setrlimit(RLIMIT_CORE, &none);
            ::_exit(::socket(family, SOCK_STREAM, 0) < 0 ? 1 : 0);
        }
        int status = -1;
        ::waitpid(child, &status, 0);
        return status;
    }

private Q_SLOTS:
    void aSocketOfTheInternetEndsAUnitTest_data()
    {
        QTest::addColumn<int>("family");
        QTest::newRow("IPv4") << AF_INET;
        QTest::newRow("IPv6") << AF_INET6;
    }
    void aSocketOfTheInternetEndsAUnitTest()
    {
        QFETCH(int, family);
        const int status = endOf(family);
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGSYS);
    }

    void aSocketOnThisMachineDoesNot()
    {
        const int status = endOf(AF_UNIX);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
};

QTEST_GUILESS_MAIN(TestNoNetwork)
#include "testnonetwork.moc"
