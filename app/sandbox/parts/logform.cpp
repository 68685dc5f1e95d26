#include "app/sandbox/parts/logform.h"

#include "app/sandbox/parts/logtexts.h"

namespace pilothouse::sandbox {

Sequence::Sequence(const QByteArray &seed) : m_state(0xcbf29ce484222325u)
{
    for (const char c : seed)
        m_state = (m_state ^ quint8(c)) * 0x100000001b3u; // FNV-1a
}

quint64 Sequence::next()
{
    m_state += 0x9e3779b97f4a7c15u;
    quint64 z = m_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int Sequence::below(int limit)
{
    return int(next() % quint64(limit));
}

QByteArray Sequence::hex(int digits)
{
    QByteArray result;
    while (result.size() < digits)
        result += QByteArray::number(next(), 16).rightJustified(16, '0');
    return result.left(digits);
}

QByteArray coloured(const char *code, const QByteArray &text)
{
    return QByteArray("\x1b[") + code + 'm' + text + "\x1b[0m";
}

QByteArrayList runHeader(const QByteArray &command, const QByteArrayList &environment)
{
    QByteArrayList lines
        = {"##[group]Run " + command, coloured("36;1", command), "shell: /usr/bin/bash -e {0}"};
    if (!environment.isEmpty()) {
        lines += "env:";
        for (const QByteArray &variable : environment)
            lines += "  " + variable;
    }
    return lines << "##[endgroup]";
}

QByteArrayList usesHeader(const QByteArray &action, const QByteArrayList &inputs)
{
    QByteArrayList lines = {"##[group]Run " + action};
    if (!inputs.isEmpty()) {
        lines += "with:";
        for (const QByteArray &input : inputs)
            lines += "  " + input;
    }
    return lines << "##[endgroup]";
}

QByteArray stamped(const QList<JobStep> &steps, const QList<QByteArrayList> &lines,
                   Sequence &sequence)
{
    constexpr qint64 ticksPerMs = 10'000; // GitHub's stamps count units of 100 ns
    QByteArray log;
    for (int i = 0; i < steps.size(); ++i) {
        const qint64 begin = steps[i].startedAt.toMSecsSinceEpoch() * ticksPerMs;
        const qint64 end = steps[i].completedAt.toMSecsSinceEpoch() * ticksPerMs;
        const qint64 slot = (end - begin) / qMax<qint64>(1, lines[i].size());
        qint64 second = -1;
        QByteArray prefix;
        for (qsizetype n = 0; n < lines[i].size(); ++n) {
            const qint64 at
                = begin + slot * n + sequence.below(int(qMin<qint64>(slot, 900'000)) + 1);
            if (at / (1000 * ticksPerMs) != second) {
                second = at / (1000 * ticksPerMs);
                prefix = QDateTime::fromSecsSinceEpoch(second, Qt::UTC)
                             .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss."))
                             .toLatin1();
            }
            log += prefix;
            log += QByteArray::number(at % (1000 * ticksPerMs)).rightJustified(7, '0');
            log += "Z ";
            log += lines[i][n];
            log += '\n';
        }
    }
    return log;
}

QByteArray jobLog(const JobRun &run)
{
    const QList<JobStep> steps = jobSteps(run);
    // Not the SHA: the same job of two releases reads alike but for what they changed.
    Sequence sequence(run.job.toUtf8());
    QList<QByteArrayList> lines;
    for (const JobStep &step : steps) {
        const QByteArrayList ci = ciStepLines(run, step, sequence);
        lines.append(ci.isEmpty() ? deployStepLines(run, step, sequence) : ci);
    }
    return stamped(steps, lines, sequence);
}

} // namespace pilothouse::sandbox
