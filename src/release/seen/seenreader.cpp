#include "release/seen/seenreader.h"

#include "base/whendone.h"

namespace pilothouse {

SeenReader::SeenReader(Clock &clock, std::chrono::milliseconds poll, QObject *parent)
    : QObject(parent), m_clock(clock), m_poll(poll)
{}

void SeenReader::add(SeenSource &source)
{
    m_sources.push_back(&source);
    m_told.append({source.systemName(), source.subject(), {}, {}});
    m_awaited.append(false);
}

void SeenReader::refresh()
{
    for (qsizetype i = 0; i < m_told.size(); ++i)
        ask(i);
    m_clock.after(m_poll, this, [this, alarm = ++m_alarm] {
        if (alarm == m_alarm)
            refresh();
    });
}

void SeenReader::ask(qsizetype index)
{
    if (std::exchange(m_awaited[index], true))
        return;
    whenDone(
        m_sources[size_t(index)]->newest(), this,
        [this, index](const Result<QList<SeenDeed>> &answer) { take(index, answer); },
        [this, index] {
            take(index, fail(ErrorKind::Cancelled, tr("The question was given up.")));
        });
}

void SeenReader::take(qsizetype index, const Result<QList<SeenDeed>> &answer)
{
    m_awaited[index] = false;
    const SeenTold before = m_told[index];
    SeenTold &told = m_told[index];
    if (answer) {
        told.deeds = *answer;
        told.error.reset();
    } else {
        told.error = answer.error();
    }
    if (!(before == told))
        Q_EMIT changed();
}

} // namespace pilothouse
