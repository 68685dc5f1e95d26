#include "release/seen/seenreader.h"

#include "support/fakeclock.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

/// Answers when the test says so.
class HeldSource final : public SeenSource
{
public:
    using Answer = Result<QList<SeenDeed>>;

    [[nodiscard]] QString systemName() const override { return QStringLiteral("GitHub"); }
    [[nodiscard]] QString subject() const override { return QStringLiteral("GitHub deployments"); }
    [[nodiscard]] QFuture<Answer> newest() override
    {
        promise = std::make_shared<QPromise<Answer>>();
        promise->start();
        ++asked;
        return promise->future();
    }
    void answer(const Answer &answer)
    {
        promise->addResult(answer);
        promise->finish();
    }

    std::shared_ptr<QPromise<Answer>> promise;
    int asked = 0;
};

QList<SeenDeed> one(const QString &what)
{
    SeenDeed deed;
    deed.what = what;
    return {deed};
}

} // namespace

class TestSeenReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_source = std::make_unique<HeldSource>();
        m_reader = std::make_unique<SeenReader>(*m_clock, seconds(60));
        m_reader->add(*m_source);
    }
    void cleanup()
    {
        m_reader.reset();
        m_source.reset();
    }

    void itAsksAgainAndAgain()
    {
        m_reader->refresh();
        QCOMPARE(m_source->asked, 1);
        QVERIFY(!m_reader->told()[0].deeds);
        QSignalSpy changed(m_reader.get(), &SeenReader::changed);
        m_source->answer(one(QStringLiteral("a")));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(m_reader->told()[0].deeds->value(0).what, QStringLiteral("a"));
        m_clock->advance(seconds(60));
        QCOMPARE(m_source->asked, 2);
    }

    void whatWasToldStaysWithTheReasonForNoMore()
    {
        m_reader->refresh();
        m_source->answer(one(QStringLiteral("a")));
        QTRY_VERIFY(m_reader->told()[0].deeds);
        m_clock->advance(seconds(60));
        m_source->answer(fail(ErrorKind::Unavailable, QStringLiteral("down")));
        QTRY_VERIFY(m_reader->told()[0].error);
        QCOMPARE(m_reader->told()[0].error->message, QStringLiteral("down"));
        QCOMPARE(m_reader->told()[0].deeds->size(), 1);
        m_reader->refresh();
        m_source->answer(one(QStringLiteral("b")));
        QTRY_VERIFY(!m_reader->told()[0].error);
        QCOMPARE(m_reader->told()[0].deeds->value(0).what, QStringLiteral("b"));
    }

    void whileAnAnswerIsAwaitedNobodyIsAskedTwice()
    {
        m_reader->refresh();
        m_reader->refresh();
        m_clock->advance(seconds(60));
        QCOMPARE(m_source->asked, 1);
        m_source->answer(one(QStringLiteral("a")));
        QTRY_VERIFY(m_reader->told()[0].deeds);
        // F5 moved the timer: it does not come twice.
        m_clock->advance(seconds(59));
        QCOMPARE(m_source->asked, 1);
        m_clock->advance(seconds(1));
        QCOMPARE(m_source->asked, 2);
    }

    void anAnswerThatNeverComesIsSaid()
    {
        m_reader->refresh();
        m_source->promise->future().cancel();
        m_source->promise->finish();
        QTRY_VERIFY(m_reader->told()[0].error);
        QVERIFY(!m_reader->told()[0].deeds);
    }

private:
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<HeldSource> m_source;
    std::unique_ptr<SeenReader> m_reader;
};

QTEST_GUILESS_MAIN(TestSeenReader)

#include "testseenreader.moc"
