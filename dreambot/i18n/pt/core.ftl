# Um sonho a caminho.
core-received = Estou olhando a imagem…
core-received-nothing = Estendendo a mão para o escuro…
core-no-dream = -# Desta vez, nenhum sonho.
core-waiting = Na fila: { core-place }
core-waiting-until = Na fila: { core-place }, pronto em cerca de { $duration }
core-place = { $place }º lugar
core-dreaming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · oitava { $octave } de { $octaves }
core-filming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
core-dreaming-album = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · imagem { $picture } de { $pictures }
# $progress: where the album stands, such as core-waiting
core-album = { $count } imagens · { $progress }
core-left = { $progress } · faltam { $duration }
core-video = Vídeo de { core-seconds } · { $progress }
core-parked = Preciso reiniciar. Seu sonho guarda o lugar e continua depois.
core-late = Seu sonho demorou um pouco; aqui está ele.
core-ping = Seu sonho está pronto.
core-missing-part = O arquivo está cortado ou danificado: falta cerca de { $percent } % da imagem. Sonhei o resto.
core-sound-cut = O som é mais longo. Usei os primeiros { $seconds } s.

core-seconds = { $number } s
core-minutes = { $number } min
core-hours = { $number } h
core-days = { $number ->
    [one] { $number } dia
   *[other] { $number } dias
}

core-cancelled = Cancelado; nada foi sonhado.
core-cancelled-by-moderator = A moderação cancelou seu sonho.
core-withdrawn = A imagem que você queria sonhar sumiu, então parei.
core-shutting-down = Vou reiniciar e não aceito mais nada agora; peça de novo em um minuto.
core-gone-wrong = Algo deu errado do meu lado e seu sonho se perdeu; tente de novo.
core-out-of-time = Seu sonho passou dos 15 minutos que tenho para responder aqui, então deixei ele ir. Tente de novo quando houver menos movimento, ou peça algo menor.
core-would-be-late = Há tanto para fazer que seu sonho levaria cerca de { $duration }, e aqui só posso responder por 15 minutos. Tente mais tarde.
core-no-way-in = Não posso mais publicar onde este sonho foi pedido.
core-too-large = O Discord não aceita nenhuma imagem aqui, por menor que seja.
core-blocked = O AutoMod deste servidor não deixou passar minha resposta. Um moderador pode abrir uma exceção para mim, ou peça com outras palavras.
core-archived = Este tópico está arquivado ou trancado, então não posso publicar nele. Escreva uma mensagem para reabri-lo, ou peça no canal.
core-refused = O Discord não aceitou o que enviei (erro { $code }). Tente de novo; o operador encontra o erro no meu log.
core-missing = { $count ->
    [one] Aqui me falta a permissão { $permissions }.
   *[other] Aqui me faltam as permissões { $permissions }.
} A moderação pode conceder isso nas configurações do canal.

core-permission-view-channel = Ver canal
core-permission-send-messages = Enviar mensagens
core-permission-send-messages-in-threads = Enviar mensagens em tópicos
core-permission-attach-files = Anexar arquivos
core-permission-read-message-history = Ver histórico de mensagens

core-alt-dream = { $subject }, em um sonho da rede neural { $model }: as formas viram { $looks }. { core-alt-recipe }
core-alt-sheet = Quatro imagens pequenas em duas fileiras: { $subject }, em quatro sonhos da rede neural { $model }. As formas viram { $looks }. { core-alt-recipe }
core-alt-bend = { $subject }, através da rede neural { $model } com os circuitos entortados: as formas se quebram em { $looks }. { core-alt-recipe }
core-alt-moving = Um vídeo: { $subject }, em um sonho da rede neural { $model }, quadro a quadro. As formas viram { $looks }. { core-alt-recipe }
core-alt-clip = Um clipe em loop de uma imagem que vira um sonho, e volta. O sonho: { $dream }
core-alt-hellscape = Um vídeo de { core-seconds }: no começo, { $subject }; a rede neural { $model } sonha, chega mais perto e sonha o próprio sonho de novo, e tudo vira { $looks }. { core-alt-recipe }
core-alt-summon = O que a rede neural { $model } imagina: { $looks }, invocado do nada. { core-alt-recipe }
core-alt-summon-into = { $subject }, onde a rede neural { $model } invocou { $looks }. { core-alt-recipe }
core-alt-recipe = { $layer }{ $intensity ->
    [0] {""}
   *[other] , intensidade { $intensity } de 11
}. ({ $recipe })
core-nothing = puro ruído
core-words = as palavras “{ $text }”
core-words-on = { $subject } com as palavras “{ $text }”
core-something-else = outra coisa
