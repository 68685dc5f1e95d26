#include "app/console/start/setupview.h"

#include "app/console/start/shortenedlabel.h"
#include "app/console/start/startrow.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include <utility>

namespace pilothouse {

SetUpView::SetUpView(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("setUp"));
    auto *headline = new QLabel(tr("No workspace yet"));
    headline->setFont(Theme::instance().titleFont());
    auto *sentence = new ShortenedLabel(2);
    sentence->setText(tr("A workspace is one pilothouse.yaml beside your code: repository, "
                         "pipelines, tracks, metrics, database."));
    setInk(sentence, ColorRole::Muted);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(headline);
    column->addSpacing(spacing::Hair);
    column->addWidget(sentence);
    const std::array<const char *, RowCount> names{"clone", "kubeconfig", "gh", "gcloud"};
    for (int i = 0; i < RowCount; ++i) {
        m_rows[size_t(i)] = new StartRow(QLatin1String(names[size_t(i)]));
        column->addSpacing(spacing::Medium);
        column->addWidget(m_rows[size_t(i)]);
        connect(m_rows[size_t(i)], &StartRow::pressed, this,
                [this, i](StartLine::Act act, const QString &target) {
                    Q_EMIT pressed(Row(i), act, target);
                });
    }
    column->addStretch(1);
    setLine(Clone, lookingForClone());
    setLine(Kubeconfig, lookingForKubeconfig());
    setLine(Gh, lookingFor(VendorProgram::Gh));
    setLine(Gcloud, lookingFor(VendorProgram::Gcloud));
}

void SetUpView::setLine(Row row, const StartLine &line)
{
    m_rows[row]->setLine(line);
}

void SetUpView::paintEvent(QPaintEvent *event)
{
    QWidget::paintEvent(event);
    if (std::exchange(m_hasPainted, true))
        return;
    QTimer::singleShot(0, this, &SetUpView::painted);
}

} // namespace pilothouse
