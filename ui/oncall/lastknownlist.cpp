#include "ui/oncall/lastknownlist.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace pilothouse {
namespace {

QLabel *selectable(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

/// Shortened where there is less room; whole in its tooltip.
class OneLine final : public QLabel
{
public:
    explicit OneLine(const QString &text) : m_whole(text)
    {
        setTextFormat(Qt::PlainText);
        setToolTip(text);
        setAccessibleName(text);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        setText(text);
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QLabel::resizeEvent(event);
        setText(fontMetrics().elidedText(m_whole, Qt::ElideMiddle, width()));
    }

private:
    QString m_whole;
};

bool sameButAge(const LastKnownLine &a, const LastKnownLine &b)
{
    return a.track == b.track && a.now == b.now && a.to == b.to && a.command == b.command;
}

} // namespace

LastKnownList::LastKnownList(QWidget *parent) : QWidget(parent), m_rows(new QVBoxLayout(this))
{
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(spacing::Small);
}

void LastKnownList::setLines(const QList<LastKnownLine> &lines, Commands commands)
{
    // The age alone is told elsewhere: what somebody marks to copy it stays marked.
    if (commands == m_commands
        && std::equal(lines.begin(), lines.end(), m_lines.begin(), m_lines.end(), sameButAge))
        return;
    m_lines = lines;
    m_commands = commands;
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const LastKnownLine &line : lines)
        addLine(line);
}

void LastKnownList::addLine(const LastKnownLine &line)
{
    auto *row = new QWidget;
    auto *columns = new QHBoxLayout(row);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(spacing::Medium);
    auto *words = new QVBoxLayout;
    words->setSpacing(spacing::Hair);
    words->addWidget(selectable(tr("%1   %2   → %3").arg(line.track.value, line.now, line.to)));
    const bool isShort = m_commands == Commands::InOneLine && !line.command.isEmpty();
    QLabel *command = isShort
                          ? new OneLine(line.command)
                          : selectable(line.command.isEmpty() ? tr("there was nothing to roll back")
                                                              : line.command);
    if (line.command.isEmpty())
        setInk(command, ColorRole::Muted);
    else
        command->setFont(Theme::instance().codeFont());
    words->addWidget(command);
    columns->addLayout(words, 1);
    if (!line.command.isEmpty()) {
        auto *copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Copy Command"));
        copy->setObjectName(QStringLiteral("copyRollback-%1").arg(line.track.value));
        copy->setAccessibleName(tr("Copy the command that rolls back %1").arg(line.track.value));
        connect(copy, &QPushButton::clicked, this,
                [text = line.command] { QGuiApplication::clipboard()->setText(text); });
        columns->addWidget(copy, 0, Qt::AlignVCenter);
    }
    m_rows->addWidget(row);
}

} // namespace pilothouse
