#include "packaging/checkout.h"

#include <QTest>

#include <memory>

namespace {

QByteArray keeping(const QByteArray &rest)
{
    return "#!/bin/bash\nprintf '%s %s\\n' \"${0##*/}\" \"$*\" >>\"$LOGS/calls\"\n" + rest;
}

} // namespace

/// What set-up builds or unpacks into the cache itself: KSyntaxHighlighting and the servers of the
/// rehearsal. apt, dpkg and cmake are stubs; what they would bring is made here.
class PartsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Checkout> m_checkout;

    [[nodiscard]] Ended bash(const QByteArray &script) const
    {
        const QByteArray whole = "set -euo pipefail\n"
                                 "for part in words places packages aptroot highlighting servers\n"
                                 "do . packaging/lib/$part.sh; done\n"
                                 "install_packages() { :; }\n"
                                 "archive_keyring=$LOGS/keyring\n"
                                 "parts=$cache/parts\n"
                                 "mkdir -p \"$cache\"\n"
                                 + script;
        return m_checkout->run(QStringLiteral("/bin/bash"),
                               {QStringLiteral("-c"), QString::fromUtf8(whole)});
    }
    [[nodiscard]] Ended highlighting() const { return bash("provide_highlighting\n"); }
    [[nodiscard]] Ended servers() const { return bash("provide_servers\n"); }

    /// The first two words of each call, in order; forgets them.
    [[nodiscard]] QStringList calls() const
    {
        QStringList all;
        for (const QString &line : m_checkout->lines("logs/calls"))
            all << line.section(QLatin1Char(' '), 0, 1);
        m_checkout->remove("logs/calls");
        return all;
    }
    [[nodiscard]] QStringList inCache() const
    {
        return QDir(m_checkout->path("cache/pilothouse"))
            .entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    }
    void standIn(const char *file, const QByteArray &literal, const QByteArray &instead) const
    {
        QByteArray text = m_checkout->read(file);
        QVERIFY(text.contains(literal));
        m_checkout->write(file, text.replace(literal, instead));
    }
    void programs(const QByteArray &whatFails, const QByteArray &how) const
    {
        const auto with = [&](const QByteArray &call, const QByteArray &rest) {
            return call == whatFails ? how + '\n' : rest;
        };
        m_checkout->write(
            "bin/apt-get",
            keeping("for word in \"$@\"; do case $word in\n"
                    "indextargets) echo http://deb.example.org/debian; exit 0 ;;\n"
                    "update) "
                    + with("update", "exit 0")
                    + " ;;\n"
                      "source) "
                    + with("source", "tar -czf ksyntax_5.116.orig.tar.gz -C \"$LOGS\" source\n"
                                     "exit 0")
                    + " ;;\n"
                      "download) "
                    + with("download", "touch server_1_amd64.deb\nexit 0")
                    + " ;;\n"
                      "esac; done\nexit 1\n"));
        m_checkout->write(
            "bin/cmake",
            keeping("case $1 in\n-S)\n" + with("-S", "true")
                    + "\nfor word in \"$@\"; do case $word in -DCMAKE_INSTALL_PREFIX=*)\n"
                      "printf '%s' \"${word#*=}\" >\"$LOGS/prefix\" ;; esac; done ;;\n--build)\n"
                    + with("--build", "true")
                    + "\n;;\n--install)\nmkdir -p \"$DESTDIR$(<\"$LOGS/prefix\")/lib\"\n"
                    + with("--install", "true") + "\n;;\nesac\n"));
        m_checkout->write("bin/dpkg",
                          keeping("mkdir -p \"$3/usr/bin\" \"$3/usr/lib/postgresql/15/bin\"\n"
                                  + with("-x", "true")
                                  + "\nfor program in usr/bin/prometheus usr/bin/promtool \\\n"
                                    "  usr/lib/postgresql/15/bin/{postgres,initdb}; do\n"
                                    "printf '#!/bin/sh\\n' >\"$3/$program\"\n"
                                    "chmod +x \"$3/$program\"\ndone\n"
                                  + with("then", "true") + '\n'));
    }

    static void breaks()
    {
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("how");
        QTest::addColumn<QByteArray>("sentence"); ///< empty: it was killed, and says nothing
    }
    static QByteArray advice()
    {
        return "check the network and the sources in /etc/apt, then run this again.\n";
    }

private Q_SLOTS:
    void init()
    {
        m_checkout = std::make_unique<Checkout>();
        m_checkout->write("logs/keyring", "keys");
        m_checkout->set("LOGS", m_checkout->path("logs"));
        standIn("packaging/lib/places.sh", "/etc/os-release",
                m_checkout->path("os-release").toUtf8());
        m_checkout->write("os-release", "ID=debian\nVERSION_CODENAME=bookworm\n");
        // The machine has no servers of its own.
        standIn("packaging/lib/servers.sh", "/usr/lib/postgresql/*/bin/postgres",
                m_checkout->path("nowhere").toUtf8());
        standIn("packaging/lib/servers.sh", "-x /usr/bin/prometheus ",
                "-x " + m_checkout->path("nowhere").toUtf8() + ' ');
        m_checkout->write("bin/apt-config", "#!/bin/bash\necho 'Acquire::Retries \"1\";'\n");
        m_checkout->write("logs/source/CMakeLists.txt",
                          "find_package(ECM 5.116.0 REQUIRED)\necm_install_po_files_as_qm(po)\n"
                          "add_subdirectory(examples)\nadd_subdirectory(src)\n");
        m_checkout->write("logs/source/src/CMakeLists.txt",
                          "add_subdirectory(lib)\nadd_subdirectory(cli)\n");
        programs({}, {});
    }
    void cleanup()
    {
        QCOMPARE(QDir(m_checkout->path("tmp")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
                 QStringList());
    }

    void highlightingIsBuiltOnceFromDebiansSource()
    {
        const Ended ended = highlighting();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(ended.err, QByteArray("pilothouse: building KSyntaxHighlighting for Qt 6 from "
                                       "Debian 13's source (about a minute)\n"));
        QCOMPARE(ended.out, QByteArray());
        QCOMPARE(calls(),
                 (QStringList{QStringLiteral("apt-get indextargets"), QStringLiteral("apt-get -q"),
                              QStringLiteral("apt-get -q"), QStringLiteral("cmake -S"),
                              QStringLiteral("cmake --build"), QStringLiteral("cmake --install")}));
        QCOMPARE(inCache(), QStringList{QStringLiteral("ksyntaxhighlighting-5.116-bookworm-1")});
        QVERIFY(QFile::exists(
            m_checkout->path("cache/pilothouse/ksyntaxhighlighting-5.116-bookworm-1/lib")));
        const Ended again = highlighting();
        QCOMPARE(again.code, 0);
        QCOMPARE(again.err, QByteArray());
        QCOMPARE(calls(), QStringList());
    }

    void debian13NeedsNoHighlightingOfOurs()
    {
        m_checkout->write("os-release", "ID=debian\nVERSION_CODENAME=trixie\n");
        const Ended ended = highlighting();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(calls(), QStringList());
        QCOMPARE(inCache(), QStringList());
    }

    void withoutTheArchivesKeysNothingIsFetched()
    {
        m_checkout->remove("logs/keyring");
        const Ended ended = highlighting();
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.endsWith("pilothouse: The keys of the Debian archive are missing: "
                                    "install the package debian-archive-keyring.\n"),
                 ended.err.constData());
        QCOMPARE(calls(), QStringList());
    }

    void whatIsBrokenOffIsNoHighlighting_data()
    {
        breaks();
        QTest::newRow("no network for the lists")
            << QByteArray("update") << QByteArray("echo 'Could not resolve host'; exit 100")
            << "The package lists could not be fetched (Could not resolve host): " + advice();
        QTest::newRow("no network for the source")
            << QByteArray("source") << QByteArray("echo 'Connection timed out'; exit 100")
            << "The source of KSyntaxHighlighting could not be fetched (Connection timed out): "
                   + advice();
        QTest::newRow("half a source")
            << QByteArray("source")
            << QByteArray("printf 'half' >ksyntax_5.116.orig.tar.gz; exit 0")
            << QByteArray("The source of KSyntaxHighlighting could not be unpacked; the lines "
                          "above say why.\n");
        const std::pair<const char *, const char *> steps[] = {
            {"-S", "configured"}, {"--build", "built"}, {"--install", "installed into the cache"}};
        for (const auto &[step, word] : steps) {
            QTest::addRow("not %s", word)
                << QByteArray(step) << QByteArray("echo 'disk on fire'; exit 1")
                << QByteArray("disk on fire\npilothouse: KSyntaxHighlighting could not be ") + word
                       + "; the lines above say why.\n";
        }
        QTest::newRow("killed while it is built")
            << QByteArray("--build") << QByteArray("kill -9 $PPID") << QByteArray();
        QTest::newRow("killed while it is installed")
            << QByteArray("--install") << QByteArray("kill -9 $PPID") << QByteArray();
    }
    void whatIsBrokenOffIsNoHighlighting()
    {
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, how);
        QFETCH(QByteArray, sentence);
        programs(where, how);
        const Ended ended = highlighting();
        QCOMPARE(ended.code, sentence.isEmpty() ? -1 : 2);
        QVERIFY2(ended.err.endsWith(sentence), ended.err.constData());
        QVERIFY(!inCache().contains(QStringLiteral("ksyntaxhighlighting-5.116-bookworm-1")));
        programs({}, {});
        QCOMPARE(highlighting().code, 0);
        QCOMPARE(inCache(), QStringList{QStringLiteral("ksyntaxhighlighting-5.116-bookworm-1")});
    }

    void serversAreUnpackedOnceAndNeverInstalled()
    {
        const Ended ended = servers();
        QVERIFY2(ended.code == 0, ended.err.constData());
        QVERIFY2(ended.err.startsWith("pilothouse: fetching without installing: postgresql"),
                 ended.err.constData());
        QCOMPARE(calls(), (QStringList{QStringLiteral("apt-get -q"), QStringLiteral("dpkg -x")}));
        QCOMPARE(
            m_checkout->lines("cache/pilothouse/parts/files"),
            (QStringList{QStringLiteral("usr/bin/prometheus"), QStringLiteral("usr/bin/promtool"),
                         QStringLiteral("usr/lib/postgresql/15/bin/initdb"),
                         QStringLiteral("usr/lib/postgresql/15/bin/postgres")}));
        const Ended again = servers();
        QCOMPARE(again.code, 0);
        QCOMPARE(again.err, QByteArray());
        QCOMPARE(calls(), QStringList());
    }

    void serversThatCannotStartAreNotKept_data()
    {
        breaks();
        QTest::newRow("one is not in its package")
            << QByteArray("then") << QByteArray("rm \"$3/usr/bin/promtool\"")
            << QByteArray("pilothouse: The unpacked servers lack promtool: Debian's packages have "
                          "changed; please report it.\n");
        QTest::newRow("one does not start")
            << QByteArray("then") << QByteArray("echo 'exit 1' >>\"$3/usr/bin/prometheus\"")
            << QByteArray("pilothouse: prometheus does not start on this machine: run ");
    }
    void serversThatCannotStartAreNotKept()
    {
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, how);
        QFETCH(QByteArray, sentence);
        programs(where, how);
        const Ended ended = servers();
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(sentence), ended.err.constData());
        QVERIFY(!QFile::exists(m_checkout->path("cache/pilothouse/parts")));
        programs({}, {});
        QCOMPARE(servers().code, 0);
        QCOMPARE(inCache(), QStringList{QStringLiteral("parts")});
    }
};

QTEST_GUILESS_MAIN(PartsTest)
#include "partstest.moc"
