#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Ended
{
    int exitCode = 0;
    QString error;
};

/// The program to its end.
Ended tour(const QStringList &arguments)
{
    constexpr int longest = 60'000;
    QProcess program;
    program.start(QStringLiteral(TOUR_PROGRAM), arguments);
    if (!program.waitForFinished(longest) || program.exitStatus() != QProcess::NormalExit)
        return {-1, QStringLiteral("it did not end by itself")};
    return {program.exitCode(), QString::fromUtf8(program.readAllStandardError())};
}

bool putFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly);
}

} // namespace

/// What the tour's program says, and ends with, when the tour cannot be.
class TestTourProgram final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_place = std::make_unique<QTemporaryDir>();
        m_folder = m_place->filePath(QStringLiteral("tour"));
    }

    void aFolderThatCannotBeMadeIsTold()
    {
        QVERIFY(putFile(m_folder));
        const Ended ended = tour({QStringLiteral("--dir"), m_folder});
        QCOMPARE(ended.exitCode, 1);
        QVERIFY2(ended.error.contains(QLatin1String("cannot be made")), qPrintable(ended.error));
    }

    void aRehearsalThatDoesNotStartIsTold()
    {
        const Ended ended = tour({QStringLiteral("--dir"), m_folder, QStringLiteral("--sandbox"),
                                  m_place->filePath(QStringLiteral("none"))});
        QCOMPARE(ended.exitCode, 1);
        QVERIFY2(ended.error.contains(QLatin1String("could not be started")),
                 qPrintable(ended.error));
    }

    void aTimeThatIsNoneIsRefused()
    {
        const Ended ended = tour({QStringLiteral("--within"), QStringLiteral("soon")});
        QCOMPARE(ended.exitCode, 1);
        QVERIFY2(ended.error.contains(QLatin1String("takes a number of seconds, not soon")),
                 qPrintable(ended.error));
    }

    /// A folder lies where the first picture goes: the tour is lost at once, and the time that it
    /// may take is over by then.
    void aTourThatIsLostOrTooLongEndsInFailureAndIsRecorded()
    {
        QVERIFY(QDir().mkpath(m_folder + QStringLiteral("/01-first-paint.png")));
        const Ended ended = tour({QStringLiteral("--dir"), m_folder, QStringLiteral("--within"),
                                  QStringLiteral("0.001")});
        QCOMPARE(ended.exitCode, 1);
        QVERIFY2(ended.error.contains(QLatin1String(
                     "did not see: the picture 01-first-paint.png could not be written")),
                 qPrintable(ended.error));
        QVERIFY2(ended.error.contains(QLatin1String("s, and 0.001 s is all that it may take")),
                 qPrintable(ended.error));
        QFile file(m_folder + QStringLiteral("/tour.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject record = QJsonDocument::fromJson(file.readAll()).object();
        QCOMPARE(record.value(QLatin1String("complete")), QJsonValue(false));
        QVERIFY(!record.value(QLatin1String("lost")).toString().isEmpty());
        QVERIFY(!record.value(QLatin1String("tooLong")).toString().isEmpty());
    }

    void aTourThatIsLostInTimeIsLostAllTheSame()
    {
        QVERIFY(QDir().mkpath(m_folder + QStringLiteral("/01-first-paint.png")));
        const Ended ended = tour({QStringLiteral("--dir"), m_folder});
        QCOMPARE(ended.exitCode, 1);
        QVERIFY2(!ended.error.contains(QLatin1String("may take")), qPrintable(ended.error));
    }

private:
    std::unique_ptr<QTemporaryDir> m_place;
    QString m_folder;
};

QTEST_GUILESS_MAIN(TestTourProgram)
#include "programtest.moc"
